from django import forms

from reporting.surveys.enums import Satisfaction


class SurveyForm(forms.Form):
    satisfaction = forms.TypedChoiceField(
        label="Êtes-vous satisfait de vos rendez-vous ?",
        choices=Satisfaction,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
