from django import forms

from operators.supervision.enums import CloseReason


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Pourquoi n’ouvrez-vous pas ?",
        choices=CloseReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison."},
    )
