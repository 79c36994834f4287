from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet

from beneficiaries.request.enums import AccessNeed
from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField, HourField
from cep_portal.common.days import local
from cep_portal.common.form_fields import choose_from
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda.enums import CancelReason
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.rules import change_limit
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site
from operators.network.selectors import DAYS

BESIDE = "garder"
WEEKDAYS = [(number, day.capitalize()) for number, day in enumerate(DAYS, start=1)]
RECURRENCES = [(1, "Chaque semaine"), (2, "Une semaine sur deux"), (4, "Une semaine sur quatre")]
LENGTHS = [(30, "30 minutes"), (45, "45 minutes"), (60, "1 heure"), (90, "1 heure 30")]
BREAKS = [(0, "Aucune"), (10, "10 minutes"), (15, "15 minutes"), (30, "30 minutes")]


CHOOSE = {"required": "Choisissez une personne.", "invalid_choice": "Choisissez une personne de la liste."}


class NeedsForm(forms.Form):
    """What the person needs that day: those of the request, which they may amend."""

    needs_shown = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
    access_needs = forms.MultipleChoiceField(
        label="Ce dont vous avez besoin ce jour-là",
        choices=AccessNeed,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class KeyForm(forms.Form):
    """The key that makes a double click one booking."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class CodeForm(KeyForm):
    code = forms.CharField(
        label="Code à six chiffres",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Recopiez le code reçu."},
    )


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.full_name} ({obj.site.name})"


class OpeningForm(forms.Form):
    site: "forms.ModelChoiceField[Site]" = forms.ModelChoiceField(
        queryset=None, label="Lieu", to_field_name="slug", empty_label=None
    )
    weekday = forms.TypedChoiceField(label="Jour", choices=WEEKDAYS, coerce=int)
    opens = HourField(label="De")
    closes = HourField(label="À")
    every_weeks = forms.TypedChoiceField(label="Rythme", choices=RECURRENCES, coerce=int)
    first_on = DayField(label="À partir du", side=Side.FUTURE)
    last_on = DayField(label="Jusqu’au", required=False, side=Side.FUTURE)
    levels = forms.MultipleChoiceField(
        label="Niveaux", choices=ServiceLevel, widget=forms.CheckboxSelectMultiple
    )
    modes = forms.MultipleChoiceField(label="Modalités", choices=Mode, widget=forms.CheckboxSelectMultiple)
    slot_minutes = forms.TypedChoiceField(label="Durée d’une séance", choices=LENGTHS, coerce=int, initial=60)
    buffer_minutes = forms.TypedChoiceField(
        label="Pause après chaque séance", choices=BREAKS, coerce=int, initial=15
    )

    second_adviser = ColleagueField(
        queryset=None,
        label="Avec",
        required=False,
        to_field_name="uuid",
        empty_label="Personne : je reçois seul",
        help_text="Un créneau n’est proposé que si vous êtes libres tous les deux.",
    )

    def __init__(
        self, *args: Any, sites: QuerySet[Site], colleagues: QuerySet[Adviser], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "site", sites)
        choose_from(self, "second_adviser", colleagues)


class OpeningHoursForm(forms.Form):
    """The hours of one day as an address says them, when a hole of the agenda leads to the form."""

    jour = DayField()
    de = HourField()
    a = HourField()

    def hours(self) -> dict:
        """What an opening of that day alone begins with; nothing from an altered address."""
        if not self.is_valid():
            return {}
        day, opens, closes = (self.cleaned_data[name] for name in ("jour", "de", "a"))
        one_day = {"weekday": day.isoweekday(), "first_on": day, "last_on": day}
        return one_day | {"opens": opens, "closes": closes}


class OpeningDayForm(forms.Form):
    """Other hours for one day of an opening."""

    opens = HourField(label="De")
    closes = HourField(label="À")


class RecurringAbsenceForm(forms.Form):
    weekday = forms.TypedChoiceField(label="Jour", choices=WEEKDAYS, coerce=int)
    every_weeks = forms.TypedChoiceField(label="Rythme", choices=RECURRENCES, coerce=int)
    starts = HourField(label="De")
    ends = HourField(label="À")
    first_on = DayField(label="À partir du", side=Side.FUTURE)
    last_on = DayField(label="Jusqu’au", required=False, side=Side.FUTURE)


class ClosureForm(forms.Form):
    """Whole local days, the last one included."""

    first_on = DayField(label="Du")
    last_on = DayField(label="Au (inclus)")
    reason = forms.CharField(
        label="Raison",
        max_length=120,
        required=False,
        help_text="Le public la lit sur la page du lieu. Exemple : travaux.",
    )


class AbsenceForm(forms.Form):
    """Local days and hours; without hours, whole days, the last one included."""

    first_on = DayField(label="Du")
    first_time = HourField(label="À partir de", required=False)
    last_on = DayField(label="Au (inclus)")
    last_time = HourField(label="Jusqu’à", required=False)

    def period(self, zone: str) -> dict[str, datetime]:
        """Half-open: an absence to the 12th ends at midnight on the 13th (RDV-SP 2055)."""
        clean, here = self.cleaned_data, ZoneInfo(zone)
        starts = datetime.combine(clean["first_on"], clean["first_time"] or time.min, here)
        if clean["last_time"]:
            ends = datetime.combine(clean["last_on"], clean["last_time"], here)
        else:
            ends = datetime.combine(date_after(clean["last_on"]), time.min, here)
        return {"starts_at": starts, "ends_at": ends}

    @staticmethod
    def typed(starts_at: datetime, ends_at: datetime, zone: str) -> dict[str, date | time | None]:
        """What gives this very period when it is typed."""
        first, last = local(starts_at, zone), local(ends_at, zone)
        days: dict[str, date | time | None] = {"first_on": first.date(), "first_time": first.time()}
        if last.time() == time.min:
            return days | {"last_on": day_before(last.date()), "last_time": None}
        return days | {"last_on": last.date(), "last_time": last.time()}


class AbsenceHoursForm(forms.Form):
    """The hours of one day as an address says them, when a hole of the day leads to the form."""

    du = DayField()
    de = HourField()
    a = HourField()

    def hours(self) -> dict:
        """What an absence of that day begins with; nothing from an altered address."""
        if not self.is_valid():
            return {}
        day, starts, ends = (self.cleaned_data[name] for name in ("du", "de", "a"))
        return {"first_on": day, "last_on": day, "first_time": starts, "last_time": ends}


def date_after(day: date) -> Any:
    return type(day).fromordinal(day.toordinal() + 1)


def day_before(day: date) -> date:
    return type(day).fromordinal(day.toordinal() - 1)


class TeamAbsenceForm(AbsenceForm):
    """The absence of somebody of the team: « malade à 7 h »."""

    adviser: "forms.ModelChoiceField[Adviser]" = forms.ModelChoiceField(
        queryset=None, label="Qui", to_field_name="uuid", empty_label="Choisir", error_messages=CHOOSE
    )
    field_order = ["adviser"]

    def __init__(self, *args: Any, advisers: QuerySet[Adviser], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(
            self, "adviser", advisers, said=lambda adviser: f"{adviser.user.full_name}, {adviser.site.name}"
        )


class CancelForm(forms.Form):
    """A reason helps the service, and is never due."""

    reason = forms.ChoiceField(
        label="Pourquoi ?",
        choices=[(one, CancelReason(one).label.capitalize()) for one in CancelReason.of_person],
        required=False,
        widget=forms.RadioSelect,
    )


class ConfirmForm(KeyForm):
    """Confirm a hold; who has appointments already says whether the new one comes beside them or instead."""

    instead = forms.ChoiceField(
        label="Vous avez déjà un rendez-vous. Que faire ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites si ce rendez-vous s’ajoute ou remplace l’autre.",
            "invalid_choice": "Ce choix n’est plus possible. Choisissez parmi ceux de la page.",
        },
    )

    def __init__(self, *args: Any, coming: Sequence[Appointment], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coming = {str(booked.uuid): booked for booked in coming}
        if not coming:
            del self.fields["instead"]
            return
        choices = [
            (uuid, _instead(booked)) for uuid, booked in self.coming.items() if may_change(booked, now)
        ]
        if len(coming) < settings.PORTAL_OPEN_BOOKINGS:
            choices.insert(0, (BESIDE, "Garder les deux"))
        self.fields["instead"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def is_possible(self) -> bool:
        """False when the limit is reached and none can be given back any more."""
        return "instead" not in self.fields or bool(self.fields["instead"].choices)  # type: ignore[attr-defined]  # a ChoiceField

    def replaced(self) -> Appointment | None:
        return self.coming.get(self.cleaned_data.get("instead", BESIDE))


def may_change(booked: Appointment, now: datetime) -> bool:
    return now <= change_limit(booked.starts_at)


def _instead(booked: Appointment) -> str:
    return f"Remplacer celui du {long_instant(booked.starts_at, booked.site.zone)}"
