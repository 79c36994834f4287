from django import forms

from operators.booking.agenda.forms import CHOOSE, ColleagueField, OpeningForm
from operators.booking.supervision.enums import CloseReason


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Pourquoi n’ouvrez-vous pas ?",
        choices=CloseReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison."},
    )


class TeamOpeningForm(OpeningForm):
    """The hours that a manager opens for one of the team."""

    adviser = ColleagueField(
        queryset=None,
        label="Qui recevra ?",
        to_field_name="uuid",
        empty_label="Choisissez une personne",
        error_messages=CHOOSE,
    )
    field_order = ("adviser",)

    def __init__(self, *args, advisers, **kwargs):
        super().__init__(*args, colleagues=advisers, **kwargs)
        del self.fields["second_adviser"]  # a pair is agreed between the two: from their own page
        self.fields["adviser"].queryset = advisers
