"""What the database refuses, whoever writes: raw SQL, no service."""

import pytest
from django.db import DatabaseError, connection, transaction

from cep_portal.accounts.enums import Role
from procurement.followup.enums import PENALTY_TRANSITIONS, PenaltyState
from tests.factories.accounts import MandateFactory

DECIDED = (
    "state = '{state}', decided_at = '{at}', decided_under_id = {by},"
    " decided_amount_excl_tax = {amount}, reasons = '{reasons}'"
)


def run(sql: str, penalty) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE procurement_penalty SET {sql} WHERE id = %s", [penalty.pk])


def refuses(sql: str, penalty, wall: str) -> None:
    with pytest.raises(DatabaseError, match=wall):
        run(sql, penalty)


def decision(penalty, **changes) -> str:
    values = {
        "state": "APPLIED",
        "at": "2026-11-19 10:00+01",
        "by": MandateFactory(role=Role.DECIDER).pk,
        "amount": "1500.00",
        "reasons": "Motifs.",
        **changes,
    }
    return DECIDED.format(**values)


def test_a_complete_decision_passes(penalty_in):
    penalty = penalty_in(PenaltyState.SILENT)

    run(decision(penalty), penalty)

    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.APPLIED


def test_three_people_whatever_their_mandates(penalty_in, instructor, manager):
    """A person with two mandates is one person: the mandates differ, the user does not."""
    penalty = penalty_in(PenaltyState.OBSERVED)

    for person in (instructor, manager):
        refuses(decision(penalty, by=person.mandate.pk), penalty, "decided_by_another_person")
        second = MandateFactory(role=Role.DECIDER, user=person)
        refuses(decision(penalty, by=second.pk), penalty, "decided_by_another_person")


@pytest.mark.parametrize(
    ("state", "amount"),
    [
        ("APPLIED", "1499.99"),
        ("REDUCED", "0"),
        ("REDUCED", "1500.00"),
        ("WAIVED", "0.01"),
    ],
)
def test_decided_amount_fits_the_outcome(penalty_in, state, amount):
    penalty = penalty_in(PenaltyState.OBSERVED)

    refuses(decision(penalty, state=state, amount=amount), penalty, "penalty_decided_amount_fits")


def test_no_decision_without_observations_before_the_end_of_the_due_date(penalty_in):
    penalty = penalty_in(PenaltyState.SILENT)

    refuses(decision(penalty, at="2026-11-18 23:59+01"), penalty, "penalty_heard_before_decision")


def test_decision_has_reasons(penalty_in):
    penalty = penalty_in(PenaltyState.OBSERVED)

    refuses(decision(penalty, reasons=""), penalty, "penalty_decision_complete")


@pytest.mark.parametrize(
    "change",
    [
        "month = '2026-09-01'",
        "measured = 1",
        "numerator = 1",
        "denominator = NULL",
        "computed_amount_excl_tax = 1",
        "trace = '[]'",
        "proposed_at = '2100-01-01'",
    ],
)
def test_facts_are_fixed(penalty_in, change):
    refuses(change, penalty_in(PenaltyState.PROPOSED), "procurement_penalty")


@pytest.mark.parametrize("change", ["observations_due_on = '2026-12-31'", "notified_at = '2100-01-01'"])
def test_what_was_notified_is_fixed(penalty_in, change):
    refuses(change, penalty_in(PenaltyState.NOTIFIED), "Cannot update")


@pytest.mark.parametrize("change", ["observations = 'Autre.'", "observed_at = '2100-01-01'"])
def test_what_was_observed_is_fixed(penalty_in, change):
    refuses(change, penalty_in(PenaltyState.OBSERVED), "Cannot update")


def test_observations_have_author_and_text(penalty_in):
    refuses(
        "state = 'OBSERVED', observed_at = '2100-01-01'",
        penalty_in(PenaltyState.NOTIFIED),
        "penalty_observed_complete",
    )


@pytest.mark.parametrize("before", PenaltyState)
def test_state_follows_the_table(penalty_in, before):
    penalty = penalty_in(before)
    others = set(PenaltyState) - {before} - PENALTY_TRANSITIONS[before]

    for after in sorted(others):
        refuses(f"state = '{after}'", penalty, "Invalid transition|Cannot update")


def test_never_deleted(penalty_in):
    penalty = penalty_in(PenaltyState.PROPOSED)

    with (
        pytest.raises(DatabaseError, match="Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM procurement_penalty WHERE id = %s", [penalty.pk])
