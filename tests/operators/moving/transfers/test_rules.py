"""When a transfer is over, to the second, and what its fingerprint ties."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from operators.moving.transfers import rules
from operators.moving.transfers.enums import TransferState

ENDS = datetime(2026, 12, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize("state", TransferState.open)
def test_open_transfer_is_over_at_the_instant_it_expires(state):
    transfer = SimpleNamespace(state=state, expires_at=ENDS)

    assert not rules.is_over(transfer, now=ENDS - timedelta(seconds=1))
    assert rules.is_over(transfer, now=ENDS)


@pytest.mark.parametrize("state", [one for one in TransferState if one not in TransferState.open])
def test_transfer_that_was_answered_is_over(state):
    assert rules.is_over(SimpleNamespace(state=state, expires_at=ENDS), now=ENDS - timedelta(days=5))


@pytest.mark.parametrize(
    "other",
    [
        ("PLAN", "Titre", {"a": 1, "b": 2}),
        ("NOTES", "Autre", {"a": 1, "b": 2}),
        ("NOTES", "Titre", {"a": 1, "b": 3}),
    ],
)
def test_fingerprint_follows_all_that_is_shown_and_no_order_of_keys(other):
    sealed = rules.fingerprint("NOTES", "Titre", {"a": 1, "b": 2})

    assert rules.fingerprint("NOTES", "Titre", {"b": 2, "a": 1}) == sealed
    assert rules.fingerprint(*other) != sealed
