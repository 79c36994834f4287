"""Months and years: where each begins, ends and is over."""

from datetime import date

import pytest

from reporting.kpis.rules.periods import (
    last_closed_month,
    month_of,
    months_between,
    parse_period,
    periods_between,
    year_of,
)


@pytest.mark.parametrize(
    ("period", "next_starts_on"),
    [
        (month_of(date(2026, 11, 23)), date(2026, 12, 1)),
        (month_of(date(2026, 12, 31)), date(2027, 1, 1)),
        (year_of(date(2026, 11, 23)), date(2027, 1, 1)),
    ],
)
def test_period_is_over_on_the_first_day_of_the_next(period, next_starts_on):
    assert period.next_starts_on == next_starts_on
    assert period.is_closed(next_starts_on)
    assert not period.is_closed(date.fromordinal(next_starts_on.toordinal() - 1))


@pytest.mark.parametrize(
    ("on", "code"),
    [(date(2026, 11, 1), "2026-10"), (date(2026, 11, 30), "2026-10"), (date(2027, 1, 1), "2026-12")],
)
def test_last_closed_month(on, code):
    assert last_closed_month(on).code == code


def test_months_then_years_that_have_a_day_between():
    first, last = date(2026, 11, 30), date(2027, 1, 1)

    assert [month.code for month in months_between(first, last)] == ["2026-11", "2026-12", "2027-01"]
    assert [one.code for one in periods_between(first, last)][3:] == ["2026", "2027"]


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("2026-11", "2026-11"),
        ("2026", "2026"),
        ("2024-01", "2024-01"),
        ("2023-12", None),
        ("2026-12", None),
        ("2027", None),
        ("2026-13", None),
        ("2026-1", None),
    ],
)
def test_code_of_a_period_is_read_between_the_start_and_today(code, read):
    period = parse_period(code, on=date(2026, 11, 30))

    assert (period and period.code) == read
