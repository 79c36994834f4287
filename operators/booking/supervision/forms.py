from typing import Any

from django import forms
from django.db.models import QuerySet

from cep_portal.common.form_fields import choose_from
from operators.booking.agenda.forms import CHOOSE, ColleagueField, OpeningForm
from operators.booking.supervision.enums import CloseReason
from operators.network.models import Adviser


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

    def __init__(self, *args: Any, advisers: QuerySet[Adviser], **kwargs: Any) -> None:
        super().__init__(*args, colleagues=advisers, **kwargs)
        del self.fields["second_adviser"]  # a pair is agreed between the two: from their own page
        choose_from(self, "adviser", advisers)
