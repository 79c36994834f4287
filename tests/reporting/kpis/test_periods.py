"""Months and years: where each begins, ends and is over."""

from datetime import date

import pytest

from reporting.kpis.rules.periods import (
    last_closed_month,
    month_of,
    months_between,
    parse_period,
    quarter_of,
    rolling_to,
    to_date,
    windows_between,
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


def test_months_and_windows_that_have_a_day_between():
    first, last = date(2026, 11, 30), date(2027, 2, 1)

    assert [month.code for month in months_between(first, last)] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2027-02",
    ]
    assert [(window.code, window.months) for window in windows_between(first, last)] == [
        *(("2026-T4", 3), ("2027-T1", 3), ("2026", 12), ("2027", 12), ("2026", 1), ("2027", 1)),
        *(("12m-2026-11", 12), ("12m-2026-12", 12), ("12m-2027-01", 12)),
    ]


def test_the_year_to_date_stands_beside_the_same_months_of_the_last():
    since = to_date(2026, on=date(2026, 11, 30))

    assert (since.label, since.year_before.label) == ("janvier à octobre 2026", "janvier à octobre 2025")
    assert (since.next_starts_on, since.is_closed(date(2026, 11, 1))) == (date(2026, 11, 1), True)
    assert to_date(2027, on=date(2027, 1, 31)) is None


def test_each_window_offers_the_wider_ones_in_order():
    october = month_of(date(2026, 10, 1))

    assert [window.code for window in october.wider] == ["2026-T4", "12m-2026-10", "2026"]
    assert [window.code for window in quarter_of(date(2026, 8, 1)).wider] == ["12m-2026-09", "2026"]
    assert rolling_to(date(2026, 10, 1)).wider == year_of(date(2026, 1, 1)).wider == ()


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
        ("2026-T3", "2026-T3"),
        ("2026-T4", None),
        ("2026-T5", None),
        ("12m-2026-10", "12m-2026-10"),
        ("12m-2026-11", None),
        ("12m-2024-12", "12m-2024-12"),
        ("12m-2024-11", None),
        ("12m-2026", None),
        ("2025", "2025"),
    ],
)
def test_code_of_a_period_is_read_between_the_start_and_today(code, read):
    period = parse_period(code, on=date(2026, 11, 30))

    assert (period and period.code) == read
