"""Worked figures of the rules that indicators share."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.common.money import round_cents
from cep_portal.common.wording.numbers import percent
from procurement.commitments.enums import Comparison
from procurement.commitments.models import CommitmentVersion
from reporting.kpis import rules
from reporting.kpis.errors import SeriesBroken
from reporting.kpis.rules import EMPTY, Cell, Withheld, make_cell
from reporting.kpis.rules.definitions import ENTRIES, NO_SHOW_RATE, SATISFACTION_RATE
from reporting.kpis.wording import evolution, figure

HUNDRED = Decimal(100)


@pytest.mark.parametrize(("places", "shown"), [(0, "+47\u00a0%"), (1, "+47,5\u00a0%")])
def test_t29_growth_of_published_beneficiaries(places, shown):
    growth = rules.growth(100_937, 148_849)

    assert growth.quantize(Decimal("0.001")) == Decimal("47.467")
    assert evolution(ENTRIES, growth, places=places) == shown


def test_growth_across_a_series_break_is_refused():
    with pytest.raises(SeriesBroken):
        rules.growth(
            155_700,
            3_200_000,
            breaks=[date(2023, 1, 1)],
            between=(date(2022, 1, 1), date(2023, 1, 1)),
        )


def test_t30_delay_commitment_out_of_tolerance():
    value = rules.rate(1_079, 1_240, HUNDRED)

    assert round_cents(value) == Decimal("87.02")
    assert not rules.is_within_tolerance(value, target=Decimal(90), tolerance=Decimal(2))
    assert rules.is_within_tolerance(Decimal(88), target=Decimal(90), tolerance=Decimal(2))


def test_t32_late_data_ask_for_a_decision_and_leave_the_frozen_value():
    frozen, fresh = rules.rate(1_079, 1_240, HUNDRED), rules.rate(1_083, 1_252, HUNDRED)

    assert (round_cents(frozen), round_cents(fresh)) == (Decimal("87.02"), Decimal("86.50"))
    assert round_cents(fresh - frozen) == Decimal("-0.51")
    assert rules.restatement_is_material(frozen, fresh)
    assert not rules.restatement_is_material(frozen, frozen - Decimal("0.49"))
    assert rules.restatement_is_material(frozen, frozen - Decimal("0.50"))


def test_t33_satisfaction_pools_answers_never_percentages():
    cell = make_cell(SATISFACTION_RATE, 746 + 348, 820 + 410)

    assert (percent(cell.value), cell.places) == ("88,9\u00a0%", 1)
    assert percent(rules.rate(1_094, 1_230, HUNDRED), 2) == "88,94\u00a0%"
    assert percent(rules.rate(820 + 410, 2_340, HUNDRED), 2) == "52,56\u00a0%"


def test_t35_nothing_counted_is_no_data():
    cell = make_cell(NO_SHOW_RATE, 0, 0)

    assert cell.value is None
    assert figure(NO_SHOW_RATE, cell) == "—"


def test_t40_cost_of_an_entry():
    assert rules.unit_cost(Decimal(73_000_000), 176_288) == Decimal("414.10")
    assert rules.unit_cost(Decimal(73_000_000), 0) is None


def test_change_is_not_given_when_one_side_may_not_be_read():
    october, november = date(2025, 10, 1), date(2026, 10, 1)
    cell = make_cell(ENTRIES, 110, None)

    for hidden in (Cell(None, None, None, withheld=Withheld.TOO_FEW), EMPTY):
        assert rules.change(ENTRIES, hidden, cell, between=(october, november)) is None
        assert rules.change(ENTRIES, cell, hidden, between=(october, november)) is None


@pytest.mark.parametrize(
    ("definition", "before", "after", "shown"),
    [
        (ENTRIES, (100, None), (110, None), "+10,0\u00a0%"),
        (ENTRIES, (100, None), (100, None), "0,0\u00a0%"),
        (NO_SHOW_RATE, (90, 1_000), (80, 1_000), "−1,0\u00a0point"),
        (SATISFACTION_RATE, (800, 1_000), (850, 1_000), "+5,0\u00a0points"),
    ],
)
def test_change_is_in_percent_for_counts_and_points_for_rates(definition, before, after, shown):
    change = rules.change(
        definition,
        make_cell(definition, *before),
        make_cell(definition, *after),
        between=(date(2025, 10, 1), date(2026, 10, 1)),
    )

    assert evolution(definition, change) == shown


@pytest.mark.parametrize(
    ("comparison", "missed", "kept"),
    [(Comparison.AT_LEAST, 79, 80), (Comparison.AT_MOST, 81, 80)],
)
def test_promise_is_kept_at_its_target_on_its_own_side(comparison, missed, kept):
    version = CommitmentVersion(comparison=comparison, target=Decimal(80))
    other_side = 100 if comparison == Comparison.AT_LEAST else 0

    judged = [
        rules.is_kept(version, make_cell(SATISFACTION_RATE, value, 100))
        for value in (missed, kept, other_side)
    ]

    assert judged == [False, True, True]
    assert rules.is_kept(version, EMPTY) is None


@pytest.mark.parametrize(
    ("comparison", "counts", "kept"),
    [
        (Comparison.AT_MOST, (1_404, 10_000), True),  # 14,04 is printed 14,0
        (Comparison.AT_MOST, (1_405, 10_000), False),  # 14,05 is printed 14,1
        (Comparison.AT_LEAST, (1_395, 10_000), True),
        (Comparison.AT_LEAST, (1_394, 10_000), False),
    ],
)
def test_promise_is_judged_on_what_is_printed(comparison, counts, kept):
    version = CommitmentVersion(comparison=comparison, target=Decimal(14))

    assert rules.is_kept(version, make_cell(NO_SHOW_RATE, *counts)) is kept


def test_few_answers_are_shown_as_fragile():
    assert make_cell(SATISFACTION_RATE, 20, 29).fragile
    assert not make_cell(SATISFACTION_RATE, 20, 30).fragile
    assert not make_cell(ENTRIES, 3, None).fragile


def test_who_reads_what():
    readers = {
        rule.__name__: {role for role in Role.values if rule(SimpleNamespace(role=role))}
        for rule in (rules.can_read_france, rules.can_read_regions, rules.can_read_own_lot)
    }

    france = set(Role.of_france_competences)
    assert readers == {
        "can_read_france": france,
        "can_read_regions": france | {Role.COMMITTEE_MEMBER},
        "can_read_own_lot": {Role.OPERATOR_MANAGER},
    }
