from datetime import time, timedelta

import pytest

from operators.booking.demand import services
from operators.booking.demand.models import SlotOffer
from tests.factories.demand import WaitingEntryFactory
from tests.factories.operators import OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.conftest import present

__all__ = ["present"]

NINE = at("2026-11-30 09:00")
TEN = NINE + timedelta(minutes=75)


@pytest.fixture
def rule():
    """One adviser, Mondays from 9:00 to 10:00: one slot a week until mid-January."""
    return OpeningRuleFactory(closes=time(10))


@pytest.fixture
def site(rule):
    return rule.site


@pytest.fixture
def entry(site):
    return WaitingEntryFactory(site=site)


@pytest.fixture
def offer(entry):
    """The slot of Monday 30 November, kept for the person who waits."""
    services.offer_free_slots(contract=entry.contract, now=NOW)
    return SlotOffer.objects.get(entry=entry)
