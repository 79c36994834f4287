from typing import Any

from django import forms
from django.db.models import QuerySet

from cep_portal.common.contact_fields import AddressField, PhoneField
from cep_portal.common.form_fields import choose_from
from cep_portal.common.versions import VersionedForm
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from cep_portal.territories.forms import CommuneField
from operators.network.forms import CapacityForm
from operators.network.models import Adviser, Site


class PlaceForm(VersionedForm):
    """What the public reads of a place."""

    name = forms.CharField(label="Nom", max_length=120)
    address = forms.CharField(label="Adresse", max_length=200, help_text="Numéro et rue.")
    postcode = forms.RegexField(
        r"^[0-9]{5}$",
        label="Code postal",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Indiquez le code postal : les gens en ont besoin pour venir.",
            "invalid": "Un code postal compte cinq chiffres.",
        },
    )
    phone = PhoneField(required=True, widget=forms.TextInput(attrs={"type": "tel"}))
    is_step_free = forms.BooleanField(label="Accès sans marche", required=False)
    access = forms.CharField(
        label="Comment venir",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Exemple : tram A, arrêt Mairie ; sonnez à l’interphone.",
    )


class SiteForm(CommuneField, PlaceForm):
    field_order = ["name", "commune_text", "commune", "address", "postcode"]


class InvitationForm(CapacityForm):
    email = AddressField(label="Adresse électronique professionnelle", autocomplete="")
    first_name = forms.CharField(label="Prénom", max_length=100)
    last_name = forms.CharField(label="Nom", max_length=100)
    site: "forms.ModelChoiceField[Site]" = forms.ModelChoiceField(
        queryset=None, label="Lieu", to_field_name="slug", empty_label=None
    )
    field_order = ["email", "first_name", "last_name", "site"]

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "site", sites)


class SuspensionForm(forms.Form):
    """Who follows the people of an adviser who stops; nobody for now leaves their pathways to be given."""

    colleague: "forms.ModelChoiceField[Adviser]" = forms.ModelChoiceField(
        label="À qui confier ses parcours ?",
        queryset=None,
        to_field_name="uuid",
        required=False,
        empty_label="Personne pour l’instant",
    )
    for_good = forms.ChoiceField(
        label="Pour combien de temps ?",
        choices=[("", "Jusqu’à son retour"), ("oui", "Définitivement")],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Adviser], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        field.queryset = colleagues  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label_from_instance = _named  # type: ignore[attr-defined]
        for one in self.fields.values():
            one.is_conditional = True  # type: ignore[attr-defined]  # each has an answer at once

    def clean_for_good(self) -> bool:
        return self.cleaned_data["for_good"] == "oui"


def _named(one: Any) -> str:
    return f"{one.user.full_name}, {one.site.name} ({one.pathway_count}{NO_BREAK_SPACE}parcours)"


class MoveForm(VersionedForm):
    site: "forms.ModelChoiceField[Site]" = forms.ModelChoiceField(
        queryset=None, label="Lieu", to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "site", sites)
