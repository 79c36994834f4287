"""Windows of whole months, as the pages name them: « 2026-10 », « 2026-T3 », « 2026 », « 12m-2026-10 »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cep_portal.common.days import first_of_month, months_later
from cep_portal.common.wording.dates import MONTHS, long_month, short_month
from reporting.kpis.enums import PeriodKind
from reporting.kpis.rules.definitions import SERIES_STARTS_ON

LENGTHS: dict[str, int] = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.YEAR: 12,
    PeriodKind.ROLLING: 12,
}
QUARTERS = ("premier", "deuxième", "troisième", "quatrième")
CODE = re.compile(
    r"(?P<rolling>12m-)?(?P<year>20\d\d)(-((?P<month>0[1-9]|1[0-2])|T(?P<quarter>[1-4])))?", re.ASCII
)


@dataclass(frozen=True, order=True)
class Period:
    """Whole months from the first day of one; `since` counts the months of a year to date, 0 otherwise."""

    kind: str
    starts_on: date
    since: int = 0

    @property
    def months(self) -> int:
        return self.since or LENGTHS[self.kind]

    @property
    def code(self) -> str:
        first = self.starts_on
        match self.kind:
            case PeriodKind.MONTH:
                return f"{first:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{first:%Y}-T{self._quarter}"
            case PeriodKind.ROLLING:
                return f"12m-{self.last_month:%Y-%m}"
        return f"{first:%Y}"

    @property
    def label(self) -> str:
        first = self.starts_on
        match self.kind:
            case PeriodKind.MONTH:
                return long_month(first)
            case PeriodKind.QUARTER:
                return f"{QUARTERS[self._quarter - 1]} trimestre {first.year}"
            case PeriodKind.ROLLING:
                return f"12 mois jusqu’à {long_month(self.last_month)}"
            case PeriodKind.TO_DATE if self.since > 1:
                return f"janvier à {MONTHS[self.since - 1]} {first.year}"
            case PeriodKind.TO_DATE:
                return long_month(first)
        return f"année {first.year}"

    @property
    def short_label(self) -> str:
        return short_month(self.starts_on) if self.is_month else self.code

    @property
    def over(self) -> str:
        """« sur 12 mois »: how a figure of a wider window says so."""
        match self.kind:
            case PeriodKind.QUARTER:
                return f"T{self._quarter} {self.starts_on.year}"
            case PeriodKind.ROLLING:
                return "sur 12 mois"
        return self.label

    @property
    def is_month(self) -> bool:
        return self.kind == PeriodKind.MONTH

    @property
    def last_month(self) -> date:
        """The first day of the last month."""
        return months_later(self.starts_on, self.months - 1)

    @property
    def next_starts_on(self) -> date:
        return _after(self.starts_on, self.months)

    @property
    def year_before(self) -> "Period":
        """The same months of the year before."""
        return Period(self.kind, self.starts_on.replace(year=self.starts_on.year - 1), self.since)

    @property
    def wider(self) -> tuple["Period", ...]:
        """The windows offered, in order, where too few are counted in this one."""
        last = self.last_month
        offered = (quarter_of(last), rolling_to(last), year_of(last))
        return tuple(window for window in offered if window.months > self.months)

    @property
    def _quarter(self) -> int:
        return (self.starts_on.month + 2) // 3

    def is_closed(self, on: date) -> bool:
        """Over: nothing can happen in it any more, though late facts may still be learnt."""
        return self.next_starts_on <= on


@lru_cache(maxsize=1024)
def _after(first: date, months: int) -> date:
    """Asked of every cell of a page, for the same few windows."""
    return months_later(first, months)


def month_of(day: date) -> Period:
    return Period(PeriodKind.MONTH, first_of_month(day))


def quarter_of(day: date) -> Period:
    return Period(PeriodKind.QUARTER, day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))


def year_of(day: date) -> Period:
    return Period(PeriodKind.YEAR, day.replace(month=1, day=1))


def rolling_to(day: date) -> Period:
    """The twelve months that end with the month of a day."""
    return Period(PeriodKind.ROLLING, months_later(first_of_month(day), -11))


def to_date(year: int, *, on: date) -> Period | None:
    """January to the last closed month of the year of `on`, in any year; None before one is closed."""
    closed = last_closed_month(on).starts_on
    if closed.year != on.year:
        return None
    return Period(PeriodKind.TO_DATE, date(year, 1, 1), closed.month)


def last_closed_month(on: date) -> Period:
    return month_of(months_later(first_of_month(on), -1))


def months_between(first: date, last: date) -> list[Period]:
    """Every month that has a day in first..last, both included."""
    months, month = [], month_of(first)
    while month.starts_on <= last:
        months.append(month)
        month = month_of(month.next_starts_on)
    return months


def windows_between(first: date, last: date) -> Iterator[Period]:
    """The windows wider than a month that have a day in first..last; rolling ones that end there, whole.

    The year to date is that of the year of `last`, whose last closed month is told by it.
    """
    months = [month.starts_on for month in months_between(first, last)]
    yield from dict.fromkeys(quarter_of(month) for month in months)
    years = list(dict.fromkeys(year_of(month) for month in months))
    yield from years
    yield from (since for year in years if (since := to_date(year.starts_on.year, on=last)))
    closed = [rolling_to(month) for month in months if month_of(month).is_closed(last)]
    yield from (window for window in closed if window.starts_on >= SERIES_STARTS_ON)


def parse_period(code: str, *, on: date) -> Period | None:
    """A month since January 2024, a closed quarter, twelve closed months, a year; None for anything else.

    The running year is its closed months, so that no window but a month ever holds a running one.
    """
    read = CODE.fullmatch(code)
    if read is None or (read["rolling"] and not read["month"]):
        return None
    year = int(read["year"])
    if read["quarter"]:
        period = Period(PeriodKind.QUARTER, date(year, 3 * int(read["quarter"]) - 2, 1))
    elif read["rolling"]:
        period = rolling_to(date(year, int(read["month"]), 1))
    elif read["month"]:
        period = month_of(date(year, int(read["month"]), 1))
    else:
        return _year(year, on=on)
    ends = on if period.is_month else last_closed_month(on).starts_on
    return period if period.starts_on >= SERIES_STARTS_ON and period.last_month <= ends else None


def _year(year: int, *, on: date) -> Period | None:
    if year == on.year:
        return to_date(year, on=on)
    return year_of(date(year, 1, 1)) if SERIES_STARTS_ON.year <= year < on.year else None
