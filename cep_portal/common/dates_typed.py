"""Days and hours as French people type them; nothing is guessed where two readings stand."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from enum import Enum

from cep_portal.common.wording.dates import DAYS, MONTHS

CENTURY = 100
SHORT_YEAR_AHEAD = 20  # « 26 » is 2026; « 98 » is 1998, since 2098 is further than this
ALIKE = timedelta(days=60)  # two days as far from today as each other, give or take that
SLIP = timedelta(days=31)  # a day of the wrong side, but so near that it may be what was meant
NUMBERS = re.compile(r"(\d{1,2})[/., -]+(\d{1,2})(?:[/., -]+(\d{4}|\d{2}))?")
DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})?")
ISO = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
WORDS = re.compile(r"(\d{1,2})(?:er)?[ -]*([a-z]{3,9})\.?(?:[ -]*(\d{4}|\d{2}))?")
WEEKDAY = re.compile(rf"({'|'.join(DAYS)}|(?:{'|'.join(day[:3] for day in DAYS)})\.?) +(?=\d)")
HOUR = re.compile(r"(\d{1,2})(?: ?(?:h|:|\.|,|heures?) ?(?:(\d{2})(?::\d{2}(?:\.\d+)?| ?(?:min|mn|m))?)?)?")
HOUR_DIGITS = re.compile(r"(\d{1,2}) ?(\d{2})")
NAMED_HOURS = {"midi": time(12), "minuit": time(0)}
INSTANT = re.compile(r"(.*?\S)(?: +a +| *t(?=\d{2}:)|,? +)(\d{1,2} ?[h:].*|midi|minuit)")


class Side(Enum):
    """Where the days of a question lie; it says which year a day typed without one is of."""

    PAST = "past"
    FUTURE = "future"
    BOTH = "both"


class UnreadDay(ValueError):
    """No day is written so."""


class NoSuchDay(ValueError):
    """The calendar has no such day."""


class YearMissing(ValueError):
    """Two years are as likely."""


class UnreadHour(ValueError):
    """No hour is written so."""


def read_day(text: str, *, on: date, side: Side = Side.BOTH) -> date:
    """« 5/12 », « 05.12.2026 », « 5-12-26 », « sam. 5 déc. », « 2026-12-05 », read on the day `on`.

    Raises UnreadDay, NoSuchDay, YearMissing.
    """
    plain = _folded(text)
    weekday = WEEKDAY.match(plain)
    number, month, year = _parts(plain[weekday.end() :] if weekday else plain)
    day = _nearest(number, month, on, side) if year is None else _day(_full_year(year, on), month, number)
    if weekday and not DAYS[day.weekday()].startswith(weekday[1].rstrip(".")):
        raise NoSuchDay(text)
    return day


def read_hour(text: str) -> time:
    """« 9h30 », « 9 h 30 », « 9:30 », « 0930 », « 9 h », « midi ». Raises UnreadHour."""
    plain = _folded(text)
    if plain in NAMED_HOURS:
        return NAMED_HOURS[plain]
    match = HOUR.fullmatch(plain) or HOUR_DIGITS.fullmatch(plain)
    if match is None:
        raise UnreadHour(text)
    try:
        return time(int(match[1]), int(match[2] or 0))
    except ValueError:
        raise UnreadHour(text) from None


def read_instant(text: str, *, on: date, side: Side = Side.BOTH) -> datetime:
    """A day then an hour, « 5/12 à 9 h 30 », on the clock of the place: naive. Raises what both do."""
    match = INSTANT.fullmatch(_folded(text))
    if match is None:
        raise UnreadDay(text)
    return datetime.combine(read_day(match[1], on=on, side=side), read_hour(match[2]))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().split())


def _parts(plain: str) -> tuple[int, int, str | None]:
    """The day, the month and the year as typed."""
    if match := ISO.fullmatch(plain):
        return int(match[3]), int(match[2]), match[1]
    if match := NUMBERS.fullmatch(plain) or DIGITS.fullmatch(plain):
        return int(match[1]), int(match[2]), match[3]
    if match := WORDS.fullmatch(plain):
        return int(match[1]), _month(match[2]), match[3]
    raise UnreadDay(plain)


def _month(word: str) -> int:
    begun = [number for number, month in enumerate(MONTHS, start=1) if _folded(month).startswith(word)]
    if len(begun) != 1:
        raise UnreadDay(word)
    return begun[0]


def _full_year(typed: str, on: date) -> int:
    year = int(typed)
    if len(typed) > 2:
        return year
    here = on.year - on.year % CENTURY + year
    return here - CENTURY if here > on.year + SHORT_YEAR_AHEAD else here


def _day(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise NoSuchDay(f"{number}/{month}/{year}") from None


def _nearest(number: int, month: int, on: date, side: Side) -> date:
    """The nearest day of the side asked; no guess when a day of the other side is as likely."""
    days = [day for year in range(on.year - 8, on.year + 9) if (day := _try(year, month, number))]
    if not days:
        raise NoSuchDay(f"{number}/{month}")
    past, future = max(day for day in days if day <= on), min(day for day in days if day >= on)
    if side is Side.BOTH:
        near, other = sorted((past, future), key=lambda day: abs(day - on))
        is_unsure = abs(other - on) - abs(near - on) < ALIKE
    else:
        near, other = (past, future) if side is Side.PAST else (future, past)
        is_unsure = abs(other - on) < SLIP
    if is_unsure and near != on:
        raise YearMissing(f"{number}/{month}")
    return near


def _try(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
