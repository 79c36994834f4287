from typing import Any

from django import forms
from django.db.models import QuerySet

from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField
from cep_portal.common.form_fields import choose_from
from operators.moving.handovers.enums import HandoverKind
from operators.network.models import Adviser


class HandoverForm(forms.Form):
    colleague: "forms.ModelChoiceField[Adviser]" = forms.ModelChoiceField(
        label="À qui ?",
        queryset=None,
        empty_label="Choisir un conseiller",
        error_messages={"required": "Choisissez un conseiller."},
    )
    kind = forms.ChoiceField(
        label="Pour combien de temps ?",
        choices=[(kind, HandoverKind(kind).label) for kind in HandoverKind.chosen_by_advisers],
        widget=forms.RadioSelect,
    )
    until = DayField(label="Dernier jour, si c’est pour un temps", required=False, side=Side.FUTURE)
    with_appointments = forms.BooleanField(
        label="Les rendez-vous à venir suivent, aux mêmes heures, là où le collègue est libre",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Adviser], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "colleague", colleagues, said=lambda one: f"{one.user.full_name}, {one.site.name}")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("kind") == HandoverKind.TEMPORARY
            and not cleaned.get("until")
            and "until" not in self.errors
        ):
            self.add_error("until", "Indiquez le dernier jour.")
        return cleaned

    def answers(self) -> dict:
        """The answers as operators.moving.handovers.services.hand_over takes them."""
        answers = dict(self.cleaned_data)
        if answers.pop("kind") == HandoverKind.FINAL:
            answers["until"] = None
        return answers
