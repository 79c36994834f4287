"""A time kept for one person's answer stands beside the ten minutes of an ordinary choice."""

import uuid
from datetime import time, timedelta

import pytest

from operators.booking.agenda import selectors, services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import WantedSlot
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db
NINE = at("2026-11-30 09:00")
LATER = NINE + timedelta(minutes=75)
UNTIL = NOW + timedelta(hours=24)


@pytest.fixture
def site():
    return OpeningRuleFactory(closes=time(18)).site


@pytest.fixture
def service_request(site):
    return ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())


def hold(site, service_request, starts_at=NINE, **more):
    return services.hold_slot(
        service_request=service_request,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=starts_at, level="ONE", mode="PHONE"),
        now=NOW,
        **more,
    )


def move(booked, offered, starts_at):
    return services.move_appointment(
        appointment=booked,
        site=booked.site,
        starts_at=starts_at,
        level="ONE",
        mode="PHONE",
        now=NOW,
        offered=offered,
    )


def test_an_offer_is_kept_until_its_own_hour(site, service_request):
    offered = hold(site, service_request, offer_until=UNTIL)

    assert (offered.is_offer, offered.hold_expires_at) == (True, UNTIL)


def test_an_ordinary_choice_leaves_the_offer(site, service_request):
    offered = hold(site, service_request, offer_until=UNTIL)

    chosen = hold(site, service_request, LATER)

    assert set(Appointment.objects.live()) == {offered, chosen}


def test_an_offer_leaves_the_ordinary_choice(site, service_request):
    chosen = hold(site, service_request)

    offered = hold(site, service_request, LATER, offer_until=UNTIL)

    assert set(Appointment.objects.live()) == {offered, chosen}


def test_the_reference_alone_does_not_show_the_offer(site, service_request):
    hold(site, service_request, offer_until=UNTIL)

    assert selectors.live_hold(service_request=service_request, now=NOW) is None


def test_a_booked_offer_is_an_appointment_like_another(site, service_request):
    offered = hold(site, service_request, offer_until=UNTIL)

    booked = services.confirm_hold(
        appointment=offered, beneficiary=service_request.beneficiary, idempotency_key=uuid.uuid4(), now=NOW
    )

    assert (booked.state, booked.is_offer) == (AppointmentState.BOOKED, False)


def test_an_offer_may_want_one_adviser_only(site, service_request):
    other = OpeningRuleFactory(adviser__site=site, closes=time(18)).adviser

    offered = hold(site, service_request, offer_until=UNTIL, adviser=other.pk)

    assert offered.adviser == other


def test_a_move_takes_the_offered_time_with_its_adviser(site, service_request):
    mine = site.advisers.get()
    other = OpeningRuleFactory(adviser__site=site, closes=time(18)).adviser
    booked = AppointmentFactory(adviser=mine, starts_at=LATER, mode="PHONE")
    offered = hold(site, service_request, offer_until=UNTIL, adviser=other.pk)

    moved = move(booked, offered, NINE)

    offered.refresh_from_db()
    assert (moved.adviser, moved.starts_at, offered.state) == (other, NINE, AppointmentState.EXPIRED)


def test_a_move_never_takes_the_offered_hour_with_another_adviser(site, service_request):
    mine = site.advisers.get()
    other = OpeningRuleFactory(adviser__site=site, closes=time(18)).adviser
    booked = AppointmentFactory(adviser=mine, starts_at=LATER, mode="PHONE")
    offered = hold(site, service_request, offer_until=UNTIL, adviser=other.pk)
    other.is_active = False
    other.save()

    with pytest.raises(SlotTaken):
        move(booked, offered, NINE)

    offered.refresh_from_db()
    booked.refresh_from_db()
    assert (booked.state, offered.state) == (AppointmentState.BOOKED, AppointmentState.ON_HOLD)
