"""A contract runs from its first to its last day, both included."""

from datetime import date

import pytest

from procurement.contracts.rules import status_of


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2025, 12, 31), "à venir"),
        (date(2026, 1, 1), "en vigueur"),
        (date(2026, 12, 31), "en vigueur"),
        (date(2027, 1, 1), "terminé"),
    ],
)
def test_contract_runs_both_days_included(on, status):
    assert status_of(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), on=on) == status
