"""The fields where a day or an hour is typed: text that every browser shows alike.

The native calendar is offered beside by `static/js/portal.js`, and writes in the same box.
"""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone, to_current_timezone
from django.utils import timezone

from cep_portal.common.dates_typed import (
    NoSuchDay,
    Side,
    UnreadDay,
    UnreadHour,
    YearMissing,
    read_day,
    read_hour,
    read_instant,
)
from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import hour, typed_day
from cep_portal.common.wording.typography import NO_BREAK_SPACE

FIRST, LAST = (
    date(2000, 1, 1),
    date(2199, 12, 31),
)  # what a period may hold
HOUR_EXAMPLE = "9 h 30"
# `{name}` and `{example}` are written by cep_portal.common.form_errors.
ASK_DAY = "{name} : indiquez une date, par exemple {example}."
ASK_HOUR = f"{{name}} : indiquez une heure, par exemple {HOUR_EXAMPLE}."
ASK_INSTANT = f"{{name}} : indiquez une date et une heure, par exemple {{example}} à {HOUR_EXAMPLE}."
NO_SUCH_DAY = "{name} : ce jour n’existe pas. Vérifiez le jour, le mois et l’année, par exemple {example}."
YEAR_MISSING = "{name} : de quelle année ? Ajoutez-la, par exemple {example}."
BEYOND = "{name} : choisissez un jour du %(first)s au %(last)s."


def example() -> str:
    """A day that is sensible everywhere: today."""
    return typed_day(today())


def today() -> date:
    return local_day(timezone.now())


def typed_hour(value: time | datetime) -> str:
    """« 9 h 30 », as one types it."""
    return hour(value).replace(NO_BREAK_SPACE, " ")


class TypedInput(forms.TextInput):
    """Written as French people read it; what is not a value yet is shown as it was typed."""

    def __init__(self, attrs: Any = None) -> None:
        # « decimal »: the keys of a telephone with a point to part the day from the month.
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return None if value is None or value == "" else self.written(value)

    def written(self, value: Any) -> str:
        return str(value)


class DayInput(TypedInput):
    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"data-day": True, **(attrs or {})})

    def written(self, value: Any) -> str:
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)  # of a link, or of the native picker
            except ValueError:
                return value
        return typed_day(value)


class HourInput(TypedInput):
    def written(self, value: Any) -> str:
        if isinstance(value, str):
            try:
                value = time.fromisoformat(value)
            except ValueError:
                return value
        return typed_hour(value)


class InstantInput(TypedInput):
    def written(self, value: Any) -> str:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return value
        return f"{typed_day(value)} à {typed_hour(value)}"


class _Bounded(forms.Field):
    """`side` is where the days of this question lie (Side); `first` and `last` are both admitted."""

    def __init__(
        self, *, side: Side = Side.BOTH, first: date = FIRST, last: date = LAST, **options: Any
    ) -> None:
        super().__init__(**options)
        self.side, self.first, self.last = side, first, last

    def refusal(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code)

    def check_bounds(self, day: date) -> None:
        if not self.first <= day <= self.last:
            bounds = {"first": typed_day(self.first), "last": typed_day(self.last)}
            raise ValidationError(self.error_messages["beyond"], "beyond", bounds)


class DayField(_Bounded, forms.DateField):
    """A calendar day typed as people write it (`cep_portal.common.dates_typed.read_day`)."""

    widget = DayInput
    hint = "Jour, mois, année : {example}."
    default_error_messages = {
        "required": ASK_DAY,
        "invalid": ASK_DAY,
        "no_such_day": NO_SUCH_DAY,
        "no_year": YEAR_MISSING,
        "beyond": BEYOND,
    }

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if value is None or not str(value).strip():
            return None
        try:
            day = read_day(str(value), on=today(), side=self.side)
        except UnreadDay:
            raise self.refusal("invalid") from None
        except NoSuchDay:
            raise self.refusal("no_such_day") from None
        except YearMissing:
            raise self.refusal("no_year") from None
        self.check_bounds(day)
        return day


class HourField(forms.TimeField):
    """An hour typed as people write it (`cep_portal.common.dates_typed.read_hour`)."""

    widget = HourInput
    hint = f"Par exemple {HOUR_EXAMPLE}."
    default_error_messages = {"required": ASK_HOUR, "invalid": ASK_HOUR}

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        if value is None or not str(value).strip():
            return None
        try:
            return read_hour(str(value))
        except UnreadHour:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class InstantField(_Bounded, forms.DateTimeField):
    """A day then an hour, on the clock that Django reads forms with."""

    widget = InstantInput
    hint = f"Par exemple {{example}} à {HOUR_EXAMPLE}."
    default_error_messages = {
        "required": ASK_INSTANT,
        "invalid": ASK_INSTANT,
        "no_such_day": NO_SUCH_DAY,
        "no_year": YEAR_MISSING,
        "beyond": BEYOND,
    }

    def prepare_value(self, value: Any) -> Any:
        return to_current_timezone(value) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, datetime):
            return from_current_timezone(value)
        if value is None or not str(value).strip():
            return None
        try:
            moment = read_instant(str(value), on=today(), side=self.side)
        except (UnreadDay, UnreadHour):
            raise self.refusal("invalid") from None
        except NoSuchDay:
            raise self.refusal("no_such_day") from None
        except YearMissing:
            raise self.refusal("no_year") from None
        self.check_bounds(moment.date())
        return from_current_timezone(moment)
