from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField, HourField, InstantField
from cep_portal.common.errors import DomainError
from cep_portal.common.versions import VersionedForm
from operators.casework.pathways import rules
from operators.casework.pathways.enums import Attendance, ClosingOutcome, CorrectionReason, NextStep, Theme
from operators.network.enums import Mode, ServiceLevel

NO_OUTCOME = [("", "Choisir une issue")]


class DayForm(forms.Form):
    jour = DayField(label="Aller au jour")


class PathwaySearchForm(forms.Form):
    recherche = forms.CharField(label="Nom ou prénom", max_length=60, required=False)


class ClosingForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Issue du parcours",
        choices=NO_OUTCOME + ClosingOutcome.to_choose(),
        error_messages={"required": "Choisissez l’issue du parcours."},
    )


class SessionForm(forms.Form):
    """What was done in a session, in closed lists: nothing has to be typed."""

    level = forms.ChoiceField(label="Niveau", choices=ServiceLevel, widget=forms.RadioSelect)
    mode = forms.ChoiceField(label="Modalité", choices=Mode, widget=forms.RadioSelect)
    starts = HourField(label="Début réel")
    duration_minutes = forms.IntegerField(
        label="Durée en minutes", min_value=rules.SHORTEST, max_value=rules.LONGEST
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes abordés",
        choices=Theme,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un thème abordé."},
    )
    next_step = forms.ChoiceField(
        label="Et ensuite ?",
        choices=NextStep,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la suite du parcours."},
    )
    outcome = forms.ChoiceField(
        label="Issue, si le parcours s’arrête",
        choices=NO_OUTCOME + ClosingOutcome.to_choose(),
        required=False,
    )

    def __init__(self, *args: Any, day: date, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.zone = day, zone

    def field_of(self, refusal: DomainError) -> str | None:
        """The field that a refusal is about, when this form asks for it; the whole form else."""
        field = getattr(refusal, "field", None)
        return field if field in self.fields else None

    def facts(self) -> dict:
        """The answers as operators.casework.pathways.services takes them."""
        facts = dict(self.cleaned_data)
        day = facts.pop("held_on", self.day)
        starts = datetime.combine(day, facts.pop("starts"), tzinfo=ZoneInfo(self.zone))
        return {**facts, "starts_at": starts}


class SessionLogForm(SessionForm):
    """One screen, pre-filled from the appointment; themes and next step only when the person came."""

    attendance = forms.ChoiceField(
        label="La séance a-t-elle eu lieu ?", choices=Attendance, widget=forms.RadioSelect
    )
    cancelled_at = InstantField(label="Annulé quand, si c’est le cas", required=False, side=Side.PAST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("attendance", Attendance.ATTENDED) != Attendance.ATTENDED:
            self.fields["themes"].required = self.fields["next_step"].required = False

    def facts(self) -> dict:
        facts = super().facts()
        said = facts.pop("cancelled_at")
        if said is None or facts["attendance"] not in Attendance.cancelled:
            return facts
        return {**facts, "cancelled_at": said.replace(tzinfo=ZoneInfo(self.zone))}


class CorrectionForm(VersionedForm, SessionForm):
    """The log as it was written, and why it changes; what ended a pathway is corrected in its file."""

    held_on = DayField(label="Jour", side=Side.PAST)
    reason = forms.ChoiceField(
        label="Pourquoi cette correction ?",
        choices=CorrectionReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites pourquoi la séance est corrigée."},
    )

    def __init__(self, *args: Any, closes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["outcome"]
        if closes:
            del self.fields["next_step"]
        else:
            steps = [(value, label) for value, label in NextStep.choices if value != NextStep.CLOSE]
            self.fields["next_step"] = forms.ChoiceField(
                label="Et ensuite ?", choices=steps, widget=forms.RadioSelect
            )

    def facts(self) -> dict:
        return {"next_step": NextStep.CLOSE, "outcome": "", **super().facts()}


class UnplannedSessionForm(SessionForm):
    held_on = DayField(label="Jour", side=Side.PAST)
