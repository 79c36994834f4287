"""What a reader sees depends on who reads and how many are counted, never on what they answered."""

import random
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep_portal.accounts.enums import Role
from cep_portal.common.charts.values import printed
from procurement.commitments.enums import Comparison
from procurement.commitments.models import CommitmentVersion
from procurement.followup.rules import is_met
from reporting.dashboards.exports import _value
from reporting.dashboards.serializers import _cell_out
from reporting.kpis.rules import EMPTY, Withheld, is_kept, make_cell
from reporting.kpis.rules.definitions import (
    DEFINITIONS,
    ENTRIES,
    FIRST_APPOINTMENT_DAYS,
    SATISFACTION_RATE,
    UPTAKE_RATE,
)
from reporting.kpis.rules.intervals import interval, wilson
from reporting.kpis.rules.periods import month_of, quarter_of, rolling_to
from reporting.kpis.rules.readers import Cut, Reader, as_read, reader
from reporting.kpis.wording import figure

OCTOBER = month_of(date(2026, 10, 1))
CLOSED, RUNNING = date(2026, 11, 22), date(2026, 10, 22)
RELEASED = (Reader.STEERING, Reader.OUTSIDE)


def seen(definition, *counts, cut=Cut.REGION, reader=Reader.STEERING, period=OCTOBER, on=CLOSED):
    return as_read(definition, make_cell(definition, *counts), cut=cut, period=period, reader=reader, on=on)


def outline(cell):
    """All that a cell shows but what it says: whether, how finely, over how many."""
    told = None if cell.numerator is None else "told"
    return (cell.value is None, cell.places, cell.withheld, cell.band, cell.denominator, told, cell.fragile)


@given(
    definition=st.sampled_from([one for one in DEFINITIONS.values() if one.factor is not None]),
    counted=st.integers(1, 600),
    answers=st.tuples(st.integers(0, 600), st.integers(0, 600)),
    quality=st.sampled_from(Reader),
    cut=st.sampled_from(Cut),
    period=st.sampled_from([OCTOBER, quarter_of(OCTOBER.starts_on), rolling_to(OCTOBER.starts_on)]),
    on=st.sampled_from([RUNNING, CLOSED, date(2027, 2, 1)]),
)
def test_other_answers_of_as_many_show_the_same_cells(definition, counted, answers, quality, cut, period, on):
    first, second = (
        seen(definition, min(answer, counted), counted, cut=cut, reader=quality, period=period, on=on)
        for answer in answers
    )

    assert outline(first) == outline(second)


@pytest.mark.parametrize("quality", RELEASED)
@pytest.mark.parametrize(
    ("satisfied", "counted", "shown", "size"),
    [
        (9, 9, "n.\u00a0s.", None),
        (10, 10, "100\u00a0%", "10 à 29"),
        (25, 29, "86\u00a0%", "10 à 29"),
        (27, 31, "87\u00a0%", "30 à 49"),
        (97, 99, "98\u00a0%", "50 à 99"),
        (97, 100, "97\u00a0%", 100),
        (197, 199, "99\u00a0%", 199),
        (197, 200, "98,5\u00a0%", 200),
    ],
)
def test_rates_are_released_as_finely_as_their_size_allows(quality, satisfied, counted, shown, size):
    cell = seen(SATISFACTION_RATE, satisfied, counted, reader=quality)

    assert (figure(SATISFACTION_RATE, cell), cell.band or cell.denominator) == (shown, size)
    assert (cell.numerator is not None) is (counted >= 200)


@pytest.mark.parametrize("cut", Cut)
@pytest.mark.parametrize("count", [1, 4])
def test_counts_of_acts_are_exact_however_few(cut, count):
    assert seen(ENTRIES, count, None, cut=cut, reader=Reader.OUTSIDE).value == count


def test_uptake_is_counted_among_people_in_work():
    assert figure(UPTAKE_RATE, seen(UPTAKE_RATE, 3, 29_000)) == "10,3"


def test_a_whole_percent_is_rounded_once():
    """84,45 is 84, not 85 by way of 84,5."""
    assert seen(SATISFACTION_RATE, 8_445, 10_000).value == Decimal("84.5")
    assert seen(SATISFACTION_RATE, 141, 167).value == 84  # 84,43
    assert seen(SATISFACTION_RATE, 93, 110).value == 85  # 84,545


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_running_month_is_read_of_france_only(definition):
    for cut in Cut:
        cell = seen(definition, 30, 300, cut=cut, on=RUNNING)
        assert cell.withheld is (None if cut is Cut.FRANCE else Withheld.RUNNING)
        assert cell.unripe is (cut is Cut.FRANCE)


@pytest.mark.parametrize("cut", Cut)
@pytest.mark.parametrize("on", [RUNNING, CLOSED])
def test_who_is_outside_never_reads_a_provisional_figure(cut, on):
    cell = seen(FIRST_APPOINTMENT_DAYS, 3_000, 300, cut=cut, reader=Reader.OUTSIDE, on=on)

    assert (cell.value, cell.numerator, cell.denominator, cell.unripe) == (None, None, None, False)
    assert figure(FIRST_APPOINTMENT_DAYS, cell) in ("en cours", "en attente")
    assert seen(FIRST_APPOINTMENT_DAYS, 3_000, 300, reader=Reader.OUTSIDE, on=date(2027, 1, 30)).value == 10


@pytest.mark.parametrize("on", [RUNNING, CLOSED])
def test_parties_read_exact_figures_provisional_ones_said(on):
    cell = seen(FIRST_APPOINTMENT_DAYS, 31, 3, cut=Cut.LOT, reader=Reader.PARTY, on=on)

    assert cell == replace(make_cell(FIRST_APPOINTMENT_DAYS, 31, 3), unripe=True)


@pytest.mark.parametrize("quality", Reader)
def test_nothing_counted_is_nothing_for_everybody(quality):
    assert as_read(SATISFACTION_RATE, EMPTY, cut=Cut.LOT, period=OCTOBER, reader=quality, on=CLOSED) == EMPTY


def test_quality_of_each_role_with_and_without_a_contract():
    own = SimpleNamespace(holder_id=7)
    mandates = {role: SimpleNamespace(role=role, organisation_id=7) for role in Role.values}
    users = {role: SimpleNamespace(role=role, mandate=mandates[role]) for role in Role.values}

    parties = {role for role, user in users.items() if reader(user, contract=own) is Reader.PARTY}
    steering = {role for role, user in users.items() if reader(user) is Reader.STEERING}

    assert parties == {Role.OPERATOR_MANAGER, Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER}
    assert steering == set(Role.of_france_competences)
    assert reader(users[Role.OPERATOR_MANAGER], contract=SimpleNamespace(holder_id=8)) is Reader.OUTSIDE


@pytest.mark.parametrize(
    ("counts", "bounds"),
    [((1_094, 1_230), ("87.1", "90.6")), ((217, 245), ("84.0", "92.0")), ((0, 12), ("0.0", "24.3"))],
)
def test_wilson_interval(counts, bounds):
    low, high = wilson(Decimal(counts[0]) * 100 / counts[1], counts[1])

    assert (round(low, 1), round(high, 1)) == tuple(map(Decimal, bounds))


def test_interval_tells_no_more_than_its_cell():
    band = seen(SATISFACTION_RATE, 27, 31)

    assert interval(SATISFACTION_RATE, band) == wilson(Decimal(87), 30)
    assert interval(SATISFACTION_RATE, seen(SATISFACTION_RATE, 9, 9)) is None
    assert interval(FIRST_APPOINTMENT_DAYS, make_cell(FIRST_APPOINTMENT_DAYS, 900, 100)) is None


def test_one_rounding_from_the_page_to_the_decision():
    """5,000 random cells: page, CSV, API, map class, badge and penalty read one value."""
    drawn = random.Random(10)
    rates = [definition for definition in DEFINITIONS.values() if definition.factor is not None]
    for _ in range(5_000):
        definition = drawn.choice(rates)
        counted = drawn.randint(1, 3_000)
        cell = make_cell(definition, drawn.randint(0, counted), counted)
        target = drawn.choice((cell.value, cell.value + Decimal("0.1"), cell.value - Decimal("0.1")))
        version = CommitmentVersion(comparison=drawn.choice(Comparison.values), target=target)
        shown = figure(definition, cell).removesuffix(f"\u00a0{definition.short_unit}")
        read = Decimal(re.sub(r"[\u00a0\u202f]", "", shown).replace(",", "."))
        assert read == cell.value == Decimal(_value(cell).replace(",", "."))
        assert read == Decimal(str(_cell_out(cell)["value"]))
        assert read == printed(cell.value, definition.decimals)
        kept = read >= target if version.comparison == Comparison.AT_LEAST else read <= target
        assert is_kept(version, cell) is kept
        assert is_met(clause={}, comparison=version.comparison, target=target, measured=cell.value) is kept
