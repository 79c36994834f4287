from decimal import Decimal

import pytest

from procurement.followup import selectors
from procurement.followup.enums import PenaltyState
from tests.factories.procurement import ContractFactory


def charged(contract):
    result = selectors.charges(contract=contract)
    return [
        (line.penalty.decided_amount_excl_tax, line.charged_amount_excl_tax, line.exempted)
        for line in result.lines
    ]


def test_decided_under_the_threshold_is_exempted(penalty_in, contract):
    penalty_in(PenaltyState.REDUCED)
    penalty_in(PenaltyState.WAIVED)
    penalty_in(PenaltyState.OBSERVED)

    total = selectors.charges(contract=contract).total

    assert charged(contract) == [
        (Decimal("800.00"), Decimal("0.00"), True),
        (Decimal("0.00"), Decimal("0.00"), False),
    ]
    assert (total.exempted, total.charged_amount_excl_tax) == (True, Decimal("0.00"))


def test_crossing_the_threshold_makes_the_exempted_chargeable(penalty_in, contract):
    penalty_in(PenaltyState.REDUCED)
    penalty_in(PenaltyState.APPLIED)

    total = selectors.charges(contract=contract).total

    assert charged(contract) == [
        (Decimal("800.00"), Decimal("800.00"), False),
        (Decimal("1500.00"), Decimal("1500.00"), False),
    ]
    assert total.charged_amount_excl_tax == Decimal("2300.00")
    assert total.steps[0].result == "2\u202f300,00\xa0€ à imputer"


def test_each_contract_has_its_own_threshold(penalty_in, db):
    penalty_in(PenaltyState.APPLIED)

    assert charged(ContractFactory()) == []


@pytest.mark.parametrize("count", [1, 4])
def test_charges_are_one_query(penalty_in, contract, count, django_assert_num_queries):
    for _ in range(count):
        penalty_in(PenaltyState.APPLIED)

    with django_assert_num_queries(1):
        result = selectors.charges(contract=contract)
        names = [str(line.penalty.version.commitment.contract.lot) for line in result.lines]

    assert len(names) == count
