from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cep_portal.accounts.enums import Role
from procurement.followup.enums import PenaltyState
from procurement.tender.reference import RULE_SETS
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.procurement import (
    CommitmentVersionFactory,
    ContractFactory,
    PenaltyFactory,
)

PARAMS = {facts.code: facts.params for facts in RULE_SETS}["DEMO-MARCHE-2"]
NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
DUE_ON = date(2026, 11, 18)
AFTER = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
TRACE = [{"label": "Montant", "inputs": "4 points", "formula": "4 × 400", "result": "1 600 €"}]


@pytest.fixture
def contract(db):
    return ContractFactory(lot__market__rule_set__params=PARAMS)


@pytest.fixture
def version(contract):
    return CommitmentVersionFactory(commitment__contract=contract, commitment__number=1)


@pytest.fixture
def instructor(db):
    return UserFactory(role=Role.CONTRACT_MANAGER, email="gestion@exemple.example")


@pytest.fixture
def decider(db):
    return UserFactory(role=Role.DECIDER, email="decide@exemple.example")


@pytest.fixture
def manager(contract):
    return UserFactory(
        role=Role.OPERATOR_MANAGER,
        role__organisation=contract.holder,
        email="titulaire@exemple.example",
    )


@pytest.fixture
def penalty_in(contract, instructor, manager):
    """Make a penalty of the contract, in a state, with all that the state requires."""

    def make(state: str, *, version=None, **fields):
        version = version or CommitmentVersionFactory(commitment__contract=contract)
        return PenaltyFactory(
            **{
                "version": version,
                "trace": TRACE,
                "state": state,
                **_notified(state, instructor),
                **_observed(state, manager),
                **_decided(state),
                **fields,
            }
        )

    return make


def _notified(state, instructor):
    if state in (PenaltyState.PROPOSED, PenaltyState.DROPPED):
        return {}
    return {
        "notified_at": NOW,
        "notified_under": instructor.mandate,
        "observations_due_on": DUE_ON,
    }


def _observed(state, manager):
    if state not in (PenaltyState.OBSERVED, PenaltyState.REDUCED):
        return {}
    return {
        "observed_at": datetime(2026, 11, 10, 9, 0, tzinfo=UTC),
        "observed_under": manager.mandate,
        "observations": "La panne nationale du 12 octobre explique ce délai.",
    }


def _decided(state):
    amounts = {
        PenaltyState.APPLIED: Decimal("1500.00"),
        PenaltyState.REDUCED: Decimal("800.00"),
        PenaltyState.WAIVED: Decimal("0.00"),
    }
    if state not in amounts:
        return {}
    return {
        "decided_at": AFTER,
        "decided_under": MandateFactory(role=Role.DECIDER),
        "decided_amount_excl_tax": amounts[state],
        "reasons": "Les faits sont établis.",
    }
