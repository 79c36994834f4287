"""The figures of docs/penalties.md, replayed; T-numbers are those of the clauses' worked figures."""

from datetime import date
from decimal import Decimal

import pytest

from cep_portal.common.days import months_later
from procurement.followup import rules
from procurement.followup.errors import ClauseMissing, PenaltyClauseUnknown
from procurement.tender.reference import RULE_SETS

PARAMS = {facts.code: facts.params for facts in RULE_SETS}
FCS_2021, FCS_2009 = PARAMS["FCS-2021"], PARAMS["FCS-2009"]
SCALE = PARAMS["DEMO-MARCHE-2"]["missed_target"]
STANDSTILL = {"standstill": {"days": 11, "paper_days": 16}}
HOLIDAYS = {
    date(2024, 1, 1),
    date(2025, 4, 21),
    date(2025, 5, 1),
    date(2025, 5, 8),
    date(2025, 11, 1),
    date(2025, 11, 11),
}
T18_SCALE = {
    "kind": "points",
    "decimals": 1,
    "bands": [
        {"shortfall_below": "1.1", "points": 1},
        {"shortfall_below": "2.1", "points": 2},
        {"shortfall_below": "3.1", "points": 3},
    ],
    "beyond_points": 4,
    "repeat_factor": 2,
    "amount_per_point": "400.00",
}


@pytest.mark.parametrize(
    ("sent_on", "electronic", "signature"),
    [
        (date(2010, 12, 28), False, date(2011, 1, 13)),  # T-01
        (date(2023, 10, 6), True, date(2023, 10, 17)),  # T-02
    ],
)
def test_standstill_counts_the_day_of_sending_and_never_rolls(sent_on, electronic, signature):
    earliest = rules.earliest_signature(params=STANDSTILL, sent_on=sent_on, electronic=electronic)

    assert earliest == signature


@pytest.mark.parametrize("facts", RULE_SETS, ids=lambda facts: facts.code)
def test_rule_set_without_the_delay_refuses_in_words(facts):
    """None of the loaded sets holds it yet (figures.md, C9)."""
    with pytest.raises(ClauseMissing, match="R2182-1"):
        rules.earliest_signature(params=facts.params, sent_on=date(2023, 10, 6), electronic=True)


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2025, 4, 18), date(2025, 5, 5)),  # T-03: the 15th day is a Saturday
        (date(2025, 10, 27), date(2025, 11, 12)),  # T-04: the 15th day is a holiday
        (date(2025, 6, 2), date(2025, 6, 17)),
        (date(2025, 4, 16), date(2025, 5, 2)),  # 1 May
    ],
)
def test_hearing_ends_on_a_working_day(received_on, due_on):
    due = rules.hearing_due_on(params=FCS_2021, received_on=received_on, holidays=HOLIDAYS)

    assert due == due_on


def test_no_hearing_without_a_clause():
    with pytest.raises(PenaltyClauseUnknown):
        rules.hearing_due_on(params=FCS_2009, received_on=date(2025, 4, 18), holidays=HOLIDAYS)


def test_months_roll_for_the_contract_and_not_for_the_law():  # T-07
    notified_on = date(2023, 10, 31)

    assert months_later(notified_on, 2) == date(2023, 12, 31)
    assert rules.due_months(notified_on, 2, HOLIDAYS) == date(2024, 1, 2)
    assert months_later(date(2023, 12, 31), 2) == date(2024, 2, 29)


def test_late_days_start_the_day_after():  # T-08
    due_on = date(2025, 3, 31)

    assert rules.late_days(due_on=due_on, delivered_on=date(2025, 4, 14)) == 14
    assert rules.late_days(due_on=due_on, delivered_on=due_on) == 0
    assert rules.late_days(due_on=due_on, delivered_on=date(2025, 3, 1)) == 0


def late(amount: str, days: int, params: dict) -> rules.Computation:
    return rules.late_penalty(params=params, late_amount_excl_tax=Decimal(amount), days=days)


def test_exemption_is_a_threshold_of_the_contract():  # T-09 then T-10
    first, second = late("48000.00", 14, FCS_2021), late("30000.00", 20, FCS_2021)
    amounts = [first.amount_excl_tax, second.amount_excl_tax]

    alone = rules.exempt(params=FCS_2021, decided_amounts_excl_tax=amounts[:1])
    both = rules.exempt(params=FCS_2021, decided_amounts_excl_tax=amounts)

    assert amounts == [Decimal("672.00"), Decimal("600.00")]
    assert (alone.exempted, alone.charged_amount_excl_tax) == (True, Decimal("0.00"))
    assert (both.exempted, both.charged_amount_excl_tax) == (False, Decimal("1272.00"))


def test_threshold_itself_is_exempted():
    at = rules.exempt(params=FCS_2021, decided_amounts_excl_tax=[Decimal("1000.00")])
    above = rules.exempt(params=FCS_2021, decided_amounts_excl_tax=[Decimal("1000.01")])

    assert (at.exempted, above.exempted) == (True, False)


def capped(params: dict, applied: str = "0.00") -> Decimal:
    return rules.capped_penalty(
        params=params,
        computed=late("12500.00", 130, params),
        base_amount_excl_tax=Decimal("12500.00"),
        applied_amount_excl_tax=Decimal(applied),
    ).amount_excl_tax


def test_order_cap():
    assert capped(FCS_2021) == Decimal("1250.00")  # T-12
    assert capped(FCS_2009) == Decimal("1625.00")  # T-14: no cap in 2009
    assert capped(FCS_2021, applied="1000.00") == Decimal("250.00")
    assert capped(FCS_2021, applied="1250.00") == Decimal("0.00")


def test_threshold_of_2009():  # T-14
    charge = rules.exempt(params=FCS_2009, decided_amounts_excl_tax=[capped(FCS_2009)])

    assert charge.charged_amount_excl_tax == Decimal("1625.00")


def test_flat_penalty_counts_no_more_than_its_days():  # T-16
    clause = {"daily_amount": "150.00", "max_days": 20}

    assert rules.flat_penalty(clause=clause, days=23).amount_excl_tax == Decimal("3000.00")
    assert rules.flat_penalty(clause=clause, days=3).amount_excl_tax == Decimal("450.00")
    assert rules.flat_penalty(clause={**clause, "max_days": 99}, days=23).amount_excl_tax == Decimal(
        "3450.00"
    )


def test_points_double_for_each_repeat_without_compounding():  # T-18
    values = [Decimal("96.5"), Decimal("98.5"), Decimal("96.5")]

    scored = [
        rules.points(clause=T18_SCALE, shortfall=99 - value, repeated=place > 0)
        for place, value in enumerate(values)
    ]

    assert scored == [3, 2, 6]
    assert sum(scored) == 11


@pytest.mark.parametrize(
    ("value", "scored"),
    [("98.9", 1), ("98.0", 1), ("97.9", 2), ("97.0", 2), ("96.9", 3), ("96.0", 3), ("95.9", 4)],
)
def test_bands_cover_the_line_once(value, scored):  # T-18, INV-18
    shortfall = 99 - Decimal(value)

    assert rules.points(clause=T18_SCALE, shortfall=shortfall, repeated=False) == scored


def missed(measured: str, comparison: str = "AT_LEAST", *, repeated: bool = False):
    return rules.missed_target(
        clause=SCALE,
        comparison=comparison,
        target=Decimal("90.00"),
        measured=Decimal(measured),
        repeated=repeated,
        unit="%",
    )


@pytest.mark.parametrize(
    ("measured", "comparison", "repeated", "amount"),
    [
        ("89.50", "AT_LEAST", False, "400.00"),
        ("89.00", "AT_LEAST", False, "800.00"),  # a gap of 1.00 is not under 1.0
        ("87.02", "AT_LEAST", False, "1200.00"),  # the value of T-30
        ("87.02", "AT_LEAST", True, "2400.00"),
        ("80.00", "AT_LEAST", False, "1600.00"),
        ("92.50", "AT_MOST", False, "1200.00"),
    ],
)
def test_missed_target_amounts(measured, comparison, repeated, amount):
    computation = missed(measured, comparison, repeated=repeated)

    assert computation.amount_excl_tax == Decimal(amount)


@pytest.mark.parametrize(
    ("measured", "comparison"),
    [
        ("90.00", "AT_LEAST"),
        ("93.10", "AT_LEAST"),
        ("89.995", "AT_LEAST"),  # rounded before it is compared
        ("90.00", "AT_MOST"),
        ("85.00", "AT_MOST"),
    ],
)
def test_target_is_met_on_the_rounded_value(measured, comparison):
    assert is_met(measured, comparison) is True


def is_met(measured: str, comparison: str = "AT_LEAST") -> bool:
    return rules.is_met(
        clause=SCALE,
        comparison=comparison,
        target=Decimal("90.00"),
        measured=Decimal(measured),
    )


def test_target_is_missed_by_a_hundredth():
    assert is_met("89.99") is False
    assert is_met("90.01", "AT_MOST") is False


def test_trace_can_be_redone_with_a_pencil():
    trace = missed("87.02", repeated=True).trace

    assert [(step["label"], step["formula"], step["result"]) for step in trace] == [
        ("Écart à l’engagement", "90,00 − 87,02", "2,98"),
        ("Points du barème", "moins de 1,0 : 1 ; moins de 2,0 : 2 ; moins de 3,0 : 3 ; au-delà : 4", "3"),
        ("Répétition", "3 × 2", "6 points"),
        ("Montant", "6 × 400,00\xa0€", "2\u202f400,00\xa0€"),
    ]
    assert trace[0]["inputs"] == "engagement au moins 90,00\xa0% ; constaté 87,02\xa0%"


@pytest.mark.parametrize("name", ["missing", "late_penalty", "cap"])
def test_only_a_scale_of_points_is_a_clause_of_targets(name):
    with pytest.raises(PenaltyClauseUnknown):
        rules.clause_of(params=FCS_2021, name=name)
