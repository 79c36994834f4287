"""Every figure of docs/penalties.md, computed again."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from procurement.followup import rules
from procurement.tender.reference import RULE_SETS

PAGE = (settings.ROOT / "docs" / "penalties.md").read_text()
PARAMS = {facts.code: facts.params for facts in RULE_SETS}
HOLIDAYS = {date(2025, 5, 1), date(2025, 5, 8), date(2025, 11, 11)}


def rows_of(table: str) -> list[list[str]]:
    lines = PAGE.split(f"<!-- replay: {table} -->\n")[1].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize(("measured", "before", "gap", "points", "amount"), rows_of("points"))
def test_points(measured, before, gap, points, amount):
    clause = PARAMS["DEMO-MARCHE-2"]["missed_target"]
    asked = {
        "clause": clause,
        "comparison": "AT_LEAST",
        "target": Decimal("90.00"),
        "measured": Decimal(measured),
    }
    if rules.is_met(**asked):
        assert (gap, points, amount) == ("0.00", "0", "0.00")
        return
    repeated = before == "yes"

    computation = rules.missed_target(**asked, repeated=repeated)

    assert computation.steps[0].result == gap.replace(".", ",")
    scored = rules.points(clause=clause, shortfall=Decimal(gap), repeated=repeated)
    assert scored == int(points)
    assert computation.amount_excl_tax == Decimal(amount)


@pytest.mark.parametrize(("received", "fifteenth", "due"), rows_of("hearing"))
def test_hearing(received, fifteenth, due):
    received_on = date.fromisoformat(received)

    due_on = rules.hearing_due_on(params=PARAMS["FCS-2021"], received_on=received_on, holidays=HOLIDAYS)

    assert (date.fromisoformat(fifteenth) - received_on).days == 15
    assert due_on == date.fromisoformat(due)


@pytest.mark.parametrize(("decided", "total", "charged"), rows_of("exemption"))
def test_exemption(decided, total, charged):
    charge = rules.exempt(
        params=PARAMS["FCS-2021"],
        decided_amounts_excl_tax=[Decimal(amount) for amount in decided.split(" + ")],
    )

    assert charge.decided_amount_excl_tax == Decimal(total)
    assert charge.charged_amount_excl_tax == Decimal(charged)


@pytest.mark.parametrize(("code", "late", "days", "computed", "capped"), rows_of("late"))
def test_late(code, late, days, computed, capped):
    params = PARAMS[code]

    penalty = rules.late_penalty(params=params, late_amount_excl_tax=Decimal(late), days=int(days))
    within = rules.capped_penalty(params=params, computed=penalty, base_amount_excl_tax=Decimal(late))

    assert penalty.amount_excl_tax == Decimal(computed)
    assert within.amount_excl_tax == Decimal(capped)
