from django import forms

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, Situation
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
        label="Cette commune, c’est…",
        choices=CommuneBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si vous y habitez ou si vous y travaillez."},
    )


class NeedForm(forms.Form):
    need = forms.ChoiceField(
        label="Qu’est-ce qui vous amène ?",
        help_text="Ce n’est qu’un point de départ : vous pourrez en parler librement.",
        choices=Need.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui vous amène."},
    )
    access_needs = forms.MultipleChoiceField(
        label="De quoi avez-vous besoin pour être bien accueilli ?",
        choices=AccessNeed.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
