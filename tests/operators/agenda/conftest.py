import pytest
from django.utils import timezone

from tests.operators.agenda.clock import NOW


@pytest.fixture
def present(monkeypatch):
    """The views read this present: Monday 23 November 2026, 17:00 in Paris."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW
