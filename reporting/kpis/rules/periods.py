"""Months and calendar years, as the pages name them: « 2026-10 », « 2026 »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cep_portal.common.days import first_of_month
from cep_portal.common.wording.dates import long_month, short_month
from reporting.kpis.enums import PeriodKind
from reporting.kpis.rules.definitions import SERIES_STARTS_ON


@dataclass(frozen=True, order=True)
class Period:
    kind: str
    starts_on: date

    @property
    def code(self) -> str:
        return f"{self.starts_on:%Y-%m}" if self.is_month else f"{self.starts_on:%Y}"

    @property
    def label(self) -> str:
        return long_month(self.starts_on) if self.is_month else f"année {self.starts_on.year}"

    @property
    def short_label(self) -> str:
        return short_month(self.starts_on) if self.is_month else str(self.starts_on.year)

    @property
    def is_month(self) -> bool:
        return self.kind == PeriodKind.MONTH

    @property
    def next_starts_on(self) -> date:
        first = self.starts_on
        if not self.is_month:
            return date(first.year + 1, 1, 1)
        return date(first.year + first.month // 12, first.month % 12 + 1, 1)

    @property
    def year_before(self) -> "Period":
        return Period(self.kind, self.starts_on.replace(year=self.starts_on.year - 1))

    def is_closed(self, on: date) -> bool:
        """Over: nothing can happen in it any more, though late facts may still be learnt."""
        return self.next_starts_on <= on


def month_of(day: date) -> Period:
    return Period(PeriodKind.MONTH, first_of_month(day))


def year_of(day: date) -> Period:
    return Period(PeriodKind.YEAR, day.replace(month=1, day=1))


def last_closed_month(on: date) -> Period:
    first = first_of_month(on)
    year, month = (first.year - 1, 12) if first.month == 1 else (first.year, first.month - 1)
    return Period(PeriodKind.MONTH, date(year, month, 1))


def months_between(first: date, last: date) -> list[Period]:
    """Every month that has a day in first..last, both included."""
    months, month = [], month_of(first)
    while month.starts_on <= last:
        months.append(month)
        month = month_of(month.next_starts_on)
    return months


def periods_between(first: date, last: date) -> Iterator[Period]:
    """The months, then the calendar years, that have a day in first..last."""
    months = months_between(first, last)
    yield from months
    yield from dict.fromkeys(year_of(month.starts_on) for month in months)


def parse_period(code: str, *, on: date) -> Period | None:
    """« 2026-10 » or « 2026 » between January 2024 and today; None for anything else."""
    if not re.fullmatch(r"20\d\d(-(0[1-9]|1[0-2]))?", code, re.ASCII):
        return None
    first = date(int(code[:4]), int(code[5:] or 1), 1)
    period = Period(PeriodKind.MONTH if "-" in code else PeriodKind.YEAR, first)
    return period if SERIES_STARTS_ON <= first <= on else None
