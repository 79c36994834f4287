"""Real threads on PostgreSQL: one offer for a slot, one answer for an offer, never the slot of another."""

import uuid
from collections import Counter
from datetime import time, timedelta

import pytest

from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import WantedSlot, cancel_appointment, confirm_hold, hold_slot
from operators.booking.demand import services
from operators.booking.demand.enums import EntryState, OfferState
from operators.booking.demand.models import SlotOffer, WaitingEntry
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.demand import WaitingEntryFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.conftest import present

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("present"),  # what runs after commit reads the same hour
]
__all__ = ["present"]
NINE = at("2026-11-30 09:00")
OVER = NOW + timedelta(hours=24)


@pytest.fixture
def site():
    """One slot only: Monday 30 November at 9:00."""
    return OpeningRuleFactory(closes=time(10), last_on=NINE.date()).site


@pytest.fixture
def offer(site):
    WaitingEntryFactory(site=site)
    services.offer_free_slots(contract=site.contract, now=NOW)
    return SlotOffer.objects.get()


def serve(site, now=NOW):
    return services.offer_free_slots(contract=site.contract, now=now)


def accept(offer):
    return services.accept_offer(offer=offer, now=NOW)


def book(site, person=None):
    held = hold_slot(
        service_request=None,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=NINE, level="ONE", mode="ON_SITE"),
        now=NOW,
    )
    return confirm_hold(
        appointment=held, beneficiary=person or BeneficiaryFactory(), idempotency_key=uuid.uuid4(), now=NOW
    )


def test_eight_matchers_make_one_offer_of_one_slot(race, site):
    for _ in range(3):
        WaitingEntryFactory(site=site)

    outcomes = race(*[lambda: serve(site)] * 8)

    first = WaitingEntry.objects.order_by("queued_at", "pk").first()
    assert outcomes == Counter(done=8)
    assert [slot_offer.entry for slot_offer in SlotOffer.objects.all()] == [first]


def test_a_person_on_two_lists_gets_one_offer(race, site):
    other = OpeningRuleFactory(closes=time(10), last_on=NINE.date()).site
    entry = WaitingEntryFactory(site=site)
    WaitingEntryFactory(site=other, beneficiary=entry.beneficiary)

    for _ in range(5):
        outcomes = race(*[lambda: serve(site), lambda: serve(other)] * 4)

        assert outcomes == Counter(done=8)
        assert SlotOffer.objects.filter(state=OfferState.PENDING).count() == 1


def test_accepting_twice_at_once_is_one_booking(race, offer):
    """RDV-SP 3706: one invitation gives several appointments."""
    outcomes = race(*[lambda: accept(offer)] * 8)

    assert outcomes == Counter(done=8)
    assert Appointment.objects.values_list("state", flat=True).get() == AppointmentState.BOOKED


def test_accepting_against_expiry_ends_in_one_of_the_two(race, offer):
    outcomes = race(*[lambda: accept(offer), lambda: services.settle_offers(now=OVER)] * 4)

    offer.refresh_from_db()
    booked = Appointment.objects.filter(state=AppointmentState.BOOKED).count()
    assert offer.state in {OfferState.ACCEPTED, OfferState.EXPIRED}
    assert booked == (offer.state == OfferState.ACCEPTED)
    assert outcomes["done"] + outcomes["OfferOver"] == 8


def test_accepting_against_declining_ends_in_one_of_the_two(race, offer):
    race(lambda: accept(offer), lambda: services.decline_offer(offer=offer, now=NOW))

    offer.refresh_from_db()
    assert Appointment.objects.filter(state=AppointmentState.BOOKED).count() == (
        offer.state == OfferState.ACCEPTED
    )


def test_accepting_against_leaving_the_list_never_leaves_a_slot_behind(race, offer):
    race(lambda: accept(offer), lambda: services.leave_waiting_list(entry=offer.entry, now=NOW))

    offer.refresh_from_db()
    offer.entry.refresh_from_db()
    ends = {OfferState.ACCEPTED: EntryState.BOOKED, OfferState.WITHDRAWN: EntryState.LEFT}
    assert offer.entry.state == ends[OfferState(offer.state)]
    assert Appointment.objects.live().count() == (offer.state == OfferState.ACCEPTED)


def test_an_offer_against_ordinary_bookings_sells_the_slot_once(race, site):
    WaitingEntryFactory(site=site)
    people = [BeneficiaryFactory() for _ in range(6)]

    outcomes = race(
        lambda: serve(site), lambda: serve(site), *[lambda one=person: book(site, one) for person in people]
    )

    assert Appointment.objects.live().count() == 1
    assert outcomes["done"] - 2 + SlotOffer.objects.count() == 1


def test_booking_elsewhere_against_accepting_leaves_no_kept_slot(race, offer, site):
    """The person answers the link in one tab and books in another."""
    other = OpeningRuleFactory(adviser__site=site, opens=time(14), closes=time(15)).site
    request = ServiceRequestFactory(contract=site.contract, beneficiary=offer.beneficiary)
    held = hold_slot(
        service_request=request,
        contract=site.contract,
        wanted=WantedSlot(site=other, starts_at=NINE + timedelta(hours=5), level="ONE", mode="ON_SITE"),
        now=NOW,
    )

    outcomes = race(
        lambda: accept(offer),
        lambda: confirm_hold(
            appointment=held, beneficiary=offer.beneficiary, idempotency_key=uuid.uuid4(), now=NOW
        ),
    )

    offer.refresh_from_db()
    assert outcomes["done"] == 1 + (offer.state == OfferState.ACCEPTED)
    assert not Appointment.objects.filter(state=AppointmentState.ON_HOLD).exists()
    assert WaitingEntry.objects.get().state == EntryState.BOOKED


def test_an_earlier_place_against_the_cancellation_of_the_appointment(race, site):
    """Whichever comes first, no deadlock and no slot kept for nobody."""
    rule = site.opening_rules.get()
    rule.last_on = None
    rule.save()
    booked = AppointmentFactory(adviser=rule.adviser, starts_at=NINE + timedelta(days=14))
    services.ask_earlier(appointment=booked, other_adviser=False, now=NOW)
    serve(site)
    offer = SlotOffer.objects.get()

    race(
        lambda: accept(offer),
        lambda: cancel_appointment(appointment=booked, by=CancelledBy.PERSON, now=NOW),
    )

    offer.refresh_from_db()
    live = Appointment.objects.live()
    assert offer.state in {OfferState.ACCEPTED, OfferState.WITHDRAWN}
    assert [one.starts_at for one in live] == ([NINE] if offer.state == OfferState.ACCEPTED else [])
