from typing import Any

from django import forms

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, Situation, Urgency
from cep_portal.territories.forms import CommuneField


class SituationForm(forms.Form):
    situation = forms.ChoiceField(
        label="Quelle est votre situation aujourd’hui ?",
        help_text="Choisissez la réponse qui vous ressemble le plus.",
        choices=Situation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez votre situation."},
    )


class PlaceForm(CommuneField):
    commune_basis = forms.ChoiceField(
        label="Vous y habitez ? Vous y travaillez ?",
        choices=[(CommuneBasis.HOME, "J’y habite"), (CommuneBasis.WORK, "J’y travaille")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si vous y habitez ou si vous y travaillez."},
    )


class NeedForm(forms.Form):
    needs = forms.MultipleChoiceField(
        label="Qu’est-ce qui vous amène ?",
        help_text="Une ou plusieurs réponses. Ce n’est qu’un point de départ.",
        choices=Need.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une réponse."},
    )
    urgency = forms.ChoiceField(
        label="Une date approche ?",
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si une date approche."},
    )
    access_needs = forms.MultipleChoiceField(
        label="De quoi avez-vous besoin pour être bien accueilli ?",
        choices=AccessNeed.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class NoteForm(NeedForm):
    """The same questions for the note to show elsewhere: say as little as one likes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].required = self.fields["urgency"].required = False
