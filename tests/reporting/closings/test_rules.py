from datetime import date, timedelta
from decimal import Decimal

import pytest

from cep_portal.common.days import months_later
from reporting.closings.enums import ValueStatus
from reporting.closings.models import FrozenValue
from reporting.closings.rules import closing_days, cohort_month, is_material, judged
from reporting.closings.selectors.files import frozen_text
from reporting.kpis.rules import make_cell
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.rules.periods import month_of
from reporting.kpis.rules.ripeness import is_ripe
from reporting.kpis.wording import figure

OCTOBER = date(2026, 10, 1)


def test_days_follow_the_month_and_roll_to_a_working_one():
    days = closing_days(params={}, last_day=date(2026, 10, 31), holidays=frozenset())

    assert (days.provisional_on, days.contest_until, days.freeze_from) == (
        date(2026, 11, 20),
        date(2026, 11, 25),
        date(2026, 11, 30),
    )


def test_days_are_those_of_the_rule_set_and_jump_a_holiday():
    params = {"closing": {"provisional_days": 11, "contest_days": 14, "freeze_days": 28}}

    days = closing_days(params=params, last_day=date(2026, 10, 31), holidays=frozenset({date(2026, 11, 11)}))

    assert (days.provisional_on, days.contest_until, days.freeze_from) == (
        date(2026, 11, 12),  # the 11th is a holiday
        date(2026, 11, 16),  # the 14th a Saturday
        date(2026, 11, 30),  # the 28th a Saturday
    )


@pytest.mark.parametrize("lag_days", [0, 10, 30, 31, 60, 90, 180])
def test_each_month_is_frozen_once_and_ripe(lag_days):
    months = [months_later(date(2024, 1, 1), back) for back in range(48)]

    cohorts = [cohort_month(month=month, lag_days=lag_days) for month in months]

    assert cohorts == [months_later(cohorts[0], back) for back in range(48)]  # none skipped, none twice
    for month, cohort in zip(months, cohorts, strict=True):
        freeze = months_later(month, 1) - timedelta(days=1) + timedelta(days=30)
        assert months_later(cohort, 1) + timedelta(days=lag_days) <= freeze + timedelta(days=1)


def test_delay_frozen_with_october_is_that_of_july():
    delay = DEFINITIONS["first_appointment_days"]

    july = cohort_month(month=OCTOBER, lag_days=delay.lag_days)

    assert july == date(2026, 7, 1)
    assert is_ripe(delay, month_of(july), on=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("kpi", "numerator", "denominator", "value", "status"),
    [
        ("entries", 0, None, "0", ValueStatus.OK),
        ("level_two_share", 0, 0, None, ValueStatus.NOT_APPLICABLE),  # T-35
        ("level_two_share", 5, 29, "17.2", ValueStatus.NOT_SIGNIFICANT),
        ("satisfaction_rate", 1094, 1230, "88.9", ValueStatus.OK),  # T-33
        ("no_show_rate", 1, 80, "1.3", ValueStatus.OK),  # 1.25 is rounded half up
    ],
)
def test_value_is_rounded_once_half_up(kpi, numerator, denominator, value, status):
    outcome = judged(DEFINITIONS[kpi], numerator, denominator)

    assert (outcome.value, outcome.status) == (Decimal(value) if value else None, status)


@pytest.mark.parametrize(
    ("frozen", "fresh", "material"),
    [("87.02", "86.50", True), ("87.02", "86.53", False), (None, "1", True), (None, None, False)],
)
def test_half_a_point_asks_for_a_decision(frozen, fresh, material):
    """T-32."""
    values = [Decimal(value) if value else None for value in (frozen, fresh)]

    assert is_material(*values) is material


def test_a_frozen_figure_is_written_as_every_page_writes_it():
    """Stored with four decimals, written with those of its definition."""
    for kpi, definition in DEFINITIONS.items():
        cell = make_cell(definition, 1_041, 100)
        frozen = FrozenValue(kpi=kpi, value=cell.value, numerator=1_041, denominator=100)
        assert frozen_text(frozen) == figure(definition, cell)
