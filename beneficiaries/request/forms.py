from typing import Any

from django import forms

from beneficiaries.request.rules import REFERENCE_LENGTH, clean_reference
from cep_portal.common import phones
from cep_portal.common.contact_fields import AddressField, PhoneField
from cep_portal.messaging.enums import MessageChannel
from cep_portal.messaging.forms import OwnAddressForm
from cep_portal.messaging.gateways import sms

REFERENCE_SHAPE = "Une référence compte 12 lettres ou chiffres, par exemple ABCD-EFGH-JKMN."


def no_sms_there(phone: str) -> str:
    """Why a code cannot go to this number, and what to do."""
    if not phone:
        return "Indiquez le mobile où envoyer le code."
    return f"{phones.no_sms(phone)} Donnez un mobile français, ou recevez le code par courriel."


class FindForm(forms.Form):
    reference = forms.CharField(
        label="Référence de votre demande",
        help_text="12 lettres ou chiffres, par exemple ABCD-EFGH-JKMN.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Indiquez la référence de votre demande."},
    )

    def clean_reference(self) -> str:
        reference = clean_reference(self.cleaned_data["reference"])
        if len(reference) != REFERENCE_LENGTH:
            raise forms.ValidationError(REFERENCE_SHAPE)
        return reference


class NamesForm(forms.Form):
    """The names of the person who fills in the page."""

    first_name = forms.CharField(
        label="Prénom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Indiquez votre prénom."},
    )
    last_name = forms.CharField(
        label="Nom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Indiquez votre nom."},
    )


class ContactForm(NamesForm, OwnAddressForm):
    """Who comes, and where the code goes: to an address, or by SMS for who has none.

    Serves every page that asks for a person: `ContactForm(request.POST or None, phone_required=…)`, then
    `send_contact_code(**form.cleaned_data)`.
    """

    NO_EMAIL = "Indiquez votre adresse électronique."
    NO_NUMBER = "Indiquez le numéro où vous appeler."

    channel = forms.ChoiceField(
        label="Où recevoir votre code ?",
        choices=[(MessageChannel.EMAIL, "Par courriel"), (MessageChannel.SMS, "Par SMS, sur un mobile")],
        initial=MessageChannel.EMAIL,
        required=False,
        widget=forms.RadioSelect,
    )
    email = AddressField(
        required=False, help_text="Pour un code par courriel. Préférez une adresse personnelle."
    )
    phone = PhoneField(help_text="Pour un code par SMS, ou si vous acceptez d’être appelé.")
    find_past = forms.BooleanField(
        label="Retrouver mon parcours précédent",
        help_text="Si un conseiller vous a déjà reçu : il pourra relire votre dossier.",
        required=False,
    )

    def __init__(self, *args: Any, phone_required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone_required = phone_required
        for name in ("channel", "email", "phone"):
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]  # a class of ours
        if not sms.is_available():
            del self.fields["channel"]
        if phone_required:
            self.fields["phone"].help_text = "Le conseiller vous appelle à ce numéro."

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        cleaned["channel"] = channel = cleaned.get("channel") or MessageChannel.EMAIL
        by_sms = channel == MessageChannel.SMS
        if by_sms:
            self.errors.pop("email", None)  # of the other channel: not asked, not used
            cleaned["email"] = ""
        if not by_sms and "email" in cleaned and not cleaned["email"]:
            self.add_error("email", self.NO_EMAIL)
        if "phone" in cleaned:
            self._check_phone(cleaned["phone"], by_sms=by_sms)
        return cleaned

    def _check_phone(self, phone: str, *, by_sms: bool) -> None:
        if by_sms and phones.mobile(phone) is None:
            self.add_error("phone", no_sms_there(phone))
        elif self.phone_required and not phone:
            self.add_error("phone", self.NO_NUMBER)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code à six chiffres",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Recopiez le code reçu."},
    )
