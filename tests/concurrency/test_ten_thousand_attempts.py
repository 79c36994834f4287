"""10,000 attempts on 500 slots are exactly 500 bookings, none lost, none double."""

import random
import threading
import uuid
from collections import Counter
from datetime import time, timedelta

import pytest
from django.db import connection
from django.db.models import Count

from beneficiaries.request.models import Beneficiary
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.models import AdviserTime, Appointment
from operators.booking.agenda.services import WantedSlot
from operators.network.models import Site
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.full, pytest.mark.django_db(transaction=True)]

ADVISERS, SLOTS, ATTEMPTS, THREADS = 25, 500, 10_000, 8
STARTS = [
    at("2026-11-30 09:00") + timedelta(days=day, minutes=75 * place) for day in range(5) for place in range(4)
]


@pytest.fixture
def site() -> Site:
    """25 advisers who receive four people a day from Monday to Friday: 500 slots in one week."""
    site = SiteFactory()
    for _ in range(ADVISERS):
        adviser = AdviserFactory(site=site)
        for weekday in range(1, 6):
            OpeningRuleFactory(adviser=adviser, weekday=weekday, closes=time(14))
    return site


def attempt(site: Site, starts_at, person: Beneficiary) -> None:
    held = services.hold_slot(
        service_request=None,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=starts_at, level="ONE", mode="PHONE"),
        now=NOW,
    )
    services.confirm_hold(appointment=held, beneficiary=person, idempotency_key=uuid.uuid4(), now=NOW)


def test_ten_thousand_attempts_on_five_hundred_slots_are_five_hundred_bookings(site):
    """cal.com 5820, 10789, 13114, 13360, 22803, 29958, 28993: double bookings each year."""
    people = iter(BeneficiaryFactory.create_batch(SLOTS + THREADS))
    orders = iter(random.Random(7).choices(STARTS, k=ATTEMPTS))
    outcomes, gate = Counter(), threading.Lock()

    def client() -> None:
        """A person who is refused leaves the turn to the next attempt."""
        person = None
        while True:
            with gate:
                starts_at = next(orders, None)
                person = person or next(people, None)
            if starts_at is None:
                break
            try:
                attempt(site, starts_at, person)
            except SlotTaken:
                outcome = "taken"
            else:
                outcome, person = "booked", None
            with gate:
                outcomes[outcome] += 1
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == Counter(booked=SLOTS, taken=ATTEMPTS - SLOTS)
    booked = Appointment.objects.filter(state=AppointmentState.BOOKED)
    assert booked.count() == SLOTS == Appointment.objects.live().count() == AdviserTime.objects.count()
    assert set(booked.values_list("period__startswith").annotate(count=Count("pk"))) == {
        (starts_at, ADVISERS) for starts_at in STARTS
    }
    assert booked.values("adviser", "period").distinct().count() == SLOTS
    assert booked.values("beneficiary").distinct().count() == SLOTS
