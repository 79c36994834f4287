import uuid
from typing import Any

from django import forms

from beneficiaries.complaints import selectors
from beneficiaries.complaints.enums import AnswerChannel, ComplaintTopic
from beneficiaries.request.forms import NamesForm
from cep_portal.common import phones
from cep_portal.common.contact_fields import AddressField, PhoneField
from cep_portal.common.nir import holds_nir
from cep_portal.messaging.gateways import sms
from cep_portal.territories.forms import CommuneField

PLACE_MISSING = "Indiquez la référence de votre demande, ou votre commune."
NIR = "Retirez le numéro de sécurité sociale : il n’est jamais demandé ici."


CONTACT_OF = {
    AnswerChannel.EMAIL: "email",
    AnswerChannel.SMS: "phone",
    AnswerChannel.PHONE: "phone",
    AnswerChannel.POST: "address",
}
MISSING = {
    "email": "Indiquez une adresse pour la réponse.",
    "phone": "Indiquez le numéro où vous répondre.",
    "address": "Indiquez l’adresse où envoyer la lettre.",
}


class WordsField(forms.CharField):
    """A text of the person or of the operator: 4,000 signs, and no social-security number."""

    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if holds_nir(text):
            raise forms.ValidationError(NIR)
        return text


class ComplaintForm(NamesForm, CommuneField):
    field_order = ("commune_text", "commune", "topic", "text", "reference")

    topic = forms.ChoiceField(
        label="De quoi s’agit-il ?",
        choices=ComplaintTopic.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le sujet."},
    )
    text = WordsField(  # type: ignore[assignment]  # Django's attribute is another thing
        label="Que s’est-il passé, qu’attendez-vous ?",
        help_text="Ni numéro de sécurité sociale, ni information de santé.",
        max_length=4000,
        error_messages={"required": "Écrivez ce qui s’est passé."},
    )
    reference = forms.CharField(
        label="Référence de votre demande",
        help_text="Si vous l’avez : ABCD-EFGH-JKMN. Sinon, indiquez la commune.",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    channel = forms.ChoiceField(
        label="Comment recevoir la réponse ?",
        choices=AnswerChannel.choices,
        initial=AnswerChannel.EMAIL,
        required=False,
        widget=forms.RadioSelect,
    )
    email = AddressField(
        required=False, help_text="La réponse y est annoncée. Préférez une adresse personnelle."
    )
    phone = PhoneField(help_text="Un responsable vous appelle, ou un SMS annonce la réponse.")
    address = forms.CharField(
        label="Adresse postale",
        help_text="Nom de la rue, code postal et commune, comme sur une enveloppe.",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, knows_contract: bool = False, **kwargs: Any) -> None:
        """`knows_contract`: the person is signed in and has a request; no place is asked."""
        super().__init__(*args, **kwargs)
        self.knows_contract = knows_contract
        for name in ("channel", "email", "phone", "address"):
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]  # a class of ours
        if not sms.is_available():
            ways = [way for way in AnswerChannel.choices if way[0] != AnswerChannel.SMS]
            self.fields["channel"].choices = ways  # type: ignore[attr-defined]  # a field of choices
        self.fields["commune_text"].required = False
        self.fields["commune_text"].is_conditional = self.fields["reference"].is_conditional = True  # type: ignore[attr-defined]  # a class of ours
        if knows_contract:
            for name in ("commune_text", "commune", "reference"):
                del self.fields[name]

    def clean_reference(self) -> str:
        reference = self.cleaned_data["reference"]
        self.contract = selectors.contract_of_request(reference) if reference.strip() else None
        if reference.strip() and self.contract is None:
            raise forms.ValidationError("Aucune demande ne porte cette référence. Vérifiez chaque signe.")
        return reference

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        channel = cleaned["channel"] = cleaned.get("channel") or AnswerChannel.EMAIL
        needed = CONTACT_OF[AnswerChannel(channel)]
        for name in {"email", "phone", "address"} - {needed}:
            self.errors.pop(name, None)  # of another channel: it is not used
            cleaned[name] = ""
        if needed in cleaned and not cleaned[needed].strip():
            self.add_error(needed, MISSING[needed])
        elif channel == AnswerChannel.SMS and "phone" in cleaned and phones.mobile(cleaned["phone"]) is None:
            self.add_error("phone", "Ce numéro ne reçoit pas de SMS. Choisissez « Par téléphone ».")
        return cleaned

    def _chosen(self, code: str) -> Any:
        if not self.text.strip():  # type: ignore[operator]  # a method of the form
            if not self.cleaned_data.get("reference") and "reference" not in self.errors:
                self.add_error("commune_text", PLACE_MISSING)
            return None
        return super()._chosen(code)


class AnswerForm(forms.Form):
    answer = WordsField(
        label="Votre réponse",
        help_text="La personne la lira telle quelle. Elle ne pourra plus être modifiée.",
        max_length=4000,
        error_messages={"required": "Écrivez la réponse."},
    )


class ContestForm(forms.Form):
    reason = WordsField(
        label="Pourquoi ne convient-elle pas ?",
        help_text="L’organisme le lit et vous répond de nouveau. Pas d’information de santé.",
        max_length=4000,
        required=False,
    )
