from django import forms

from cep_portal.common.versions import VersionedForm
from operators.network.enums import AdviserSkill


class CapacityForm(VersionedForm):
    """How many appointments a day, and what the adviser can do for an access need."""

    max_per_day = forms.IntegerField(
        label="Rendez-vous par jour, au plus",
        required=False,
        min_value=1,
        max_value=30,
        help_text="Vide : autant que les plages ouvertes le permettent.",
    )
    skills = forms.MultipleChoiceField(
        label="Sait accueillir avec",
        choices=AdviserSkill,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
