from typing import Any

from django import forms

from cep_portal.common.contact_fields import AddressField, PhoneField
from cep_portal.common.form_fields import offer
from cep_portal.common.versions import VersionedForm
from cep_portal.territories.models import Department
from cep_portal.territories.selectors import region_list
from operators.casework.referrals.enums import DoorKind, ReferralReason, ReferralState

LONGEST = 300


class ReferralForm(forms.Form):
    """Why, and what the partner will read of the person; only what was given is offered."""

    reason = forms.ChoiceField(
        label="Pourquoi cette orientation ?",
        choices=ReferralReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif."},
    )
    note = forms.CharField(
        label="Précision",
        help_text="Quelques mots utiles au partenaire. Rien sur la santé ni la vie privée sans le demander.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    shares = forms.MultipleChoiceField(
        label="Coordonnées que la personne donne",
        help_text="Son nom est toujours transmis. Sans coordonnées, c’est elle qui prend contact.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, contacts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "shares", contacts)
        if not contacts:
            del self.fields["shares"]


class ConsentForm(forms.Form):
    """Ticked by the person, with the text before their eyes."""

    shown = forms.CharField(widget=forms.HiddenInput)
    consent = forms.BooleanField(
        error_messages={"required": "Sans l’accord de la personne, rien n’est transmis."}
    )


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label="Réponse",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    note = forms.CharField(
        label="Précision",
        help_text="Une date, un nom, un autre partenaire. La personne et son conseiller la liront.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    WORDS = (
        (ReferralState.ACCEPTED, "Nous recevrons la personne"),
        (ReferralState.REFUSED, "Nous ne pouvons pas la recevoir"),
        (ReferralState.DONE, "La personne a été reçue"),
    )

    def __init__(self, *args: Any, states: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "state", [(value, label) for value, label in self.WORDS if value in states])


class ToldAnswerForm(AnswerForm):
    """The same answer, learnt by the adviser."""

    WORDS = (
        (ReferralState.ACCEPTED, "Acceptée : la personne sera reçue"),
        (ReferralState.REFUSED, "Refusée"),
        (ReferralState.DONE, "La personne a été reçue"),
    )


class DoorForm(VersionedForm):
    kind = forms.ChoiceField(label="Type", choices=DoorKind)
    name = forms.CharField(label="Nom", max_length=120)
    what = forms.CharField(label="Ce qu’on y trouve", max_length=200, required=False)
    website = forms.URLField(label="Site", max_length=200, required=False, assume_scheme="https")
    phone = PhoneField(
        is_short=True,
        help_text="Dix chiffres, ou un numéro court.",
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    email = AddressField(
        label="Courriel",
        autocomplete="",
        help_text="Un message avec un lien y est envoyé à chaque orientation. Une boîte de service.",
        required=False,
    )
    how = forms.CharField(
        label="Comment s’y adresser",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    region_codes = forms.MultipleChoiceField(
        label="Régions",
        help_text="Sans région ni département : toute la France.",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    department_codes = forms.MultipleChoiceField(
        label="Départements", required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    is_active = forms.BooleanField(
        label="Proposée aux conseillers",
        help_text="Décochez quand elle ne reçoit plus : elle reste dans l’historique.",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "region_codes", [(region.code, region.name) for region in region_list()])
        offer(
            self,
            "department_codes",
            [
                (department.code, f"{department.code} {department.name}")
                for department in Department.objects.order_by("code")
            ],
        )

    def clean_region_codes(self) -> list[str]:
        return sorted(self.cleaned_data["region_codes"])

    def clean_department_codes(self) -> list[str]:
        return sorted(self.cleaned_data["department_codes"])
