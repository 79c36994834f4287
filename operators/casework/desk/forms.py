from datetime import date

from django import forms

from beneficiaries.request.enums import CommuneBasis, Need, Situation
from cep_portal.common.contact_fields import AddressField, PhoneField
from cep_portal.common.day_fields import DayField
from cep_portal.territories.forms import CommuneField
from operators.casework.desk.enums import FileReasonKind

KINDS = [(file_reason_kind.value, file_reason_kind.label.capitalize()) for file_reason_kind in FileReasonKind]


class PersonSearchForm(forms.Form):
    recherche = forms.CharField(label="Nom, téléphone, adresse électronique ou référence", max_length=80)


class NewcomerForm(CommuneField):
    """Who came or called without being known; the key makes a double click one request."""

    first_name = forms.CharField(
        label="Prénom", max_length=100, error_messages={"required": "Indiquez le prénom."}
    )
    last_name = forms.CharField(label="Nom", max_length=100, error_messages={"required": "Indiquez le nom."})
    phone = PhoneField(required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = AddressField(required=False, autocomplete="")
    commune_basis = forms.ChoiceField(
        label="La personne y habite ? Elle y travaille ?",
        choices=[(CommuneBasis.HOME, "Elle y habite"), (CommuneBasis.WORK, "Elle y travaille")],
    )
    situation = forms.ChoiceField(
        label="Situation",
        choices=[("", "Choisir"), *Situation.choices],
        error_messages={"required": "Choisissez la situation."},
    )
    needs = forms.MultipleChoiceField(
        label="Ce qui amène la personne",
        choices=Need,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un besoin."},
    )
    is_another = forms.BooleanField(
        label="Ce n’est aucune des personnes déjà connues à ce nom", required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["phone"] and not cleaned["email"]:
            self.add_error("phone", "Indiquez un téléphone ou une adresse électronique.")
        return cleaned

    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email", "phone")}

    def answers(self) -> dict:
        """What the request keeps."""
        return {
            name: self.cleaned_data[name]
            for name in ("commune", "commune_basis", "situation", "needs", "key")
        }


class FileReasonForm(forms.Form):
    kind = forms.ChoiceField(
        label="Pourquoi ouvrez-vous ce dossier ?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif."},
    )
    text = forms.CharField(
        label="Si autre raison, laquelle ?",
        help_text="La personne lira ces mots.",
        max_length=200,
        required=False,
    )


class AgendaForm(forms.Form):
    """What the address of an agenda says; anything else is the present week of one's own."""

    vue = forms.ChoiceField(choices=[(one, one) for one in ("semaine", "jour", "equipe")], required=False)
    jour = DayField(required=False, first=date(2000, 1, 10), last=date(2199, 12, 20))
    qui = forms.UUIDField(required=False)
