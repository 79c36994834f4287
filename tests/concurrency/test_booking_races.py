"""Real threads, real connections, real commits: whatever the order, a slot is sold once."""

import uuid
from collections import Counter
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.models import Absence, Appointment
from operators.booking.agenda.services import WantedSlot
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NINE = at("2026-11-30 09:00")


def hold(site, *, starts_at=NINE, service_request=None):
    return services.hold_slot(
        service_request=service_request,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=starts_at, level="ONE", mode="PHONE"),
        now=NOW,
    )


def confirm(held, beneficiary, key=None):
    return services.confirm_hold(
        appointment=held, beneficiary=beneficiary, idempotency_key=key or uuid.uuid4(), now=NOW
    )


def move(booked, starts_at):
    return services.move_appointment(
        appointment=booked, site=booked.site, starts_at=starts_at, level="ONE", mode="PHONE", now=NOW
    )


@pytest.mark.slow
def test_twenty_people_on_one_slot_two_hundred_rounds_one_winner_each(race):
    site = OpeningRuleFactory().site

    for _ in range(200):
        outcomes = race(*[lambda: hold(site)] * 20)

        assert outcomes == Counter(done=1, SlotTaken=19)
        assert Appointment.objects.live().count() == 1
        Appointment.objects.all().delete()


def test_two_lengths_at_one_hour_are_two_slots(race):
    site = SiteFactory()
    for minutes in (15, 60):
        OpeningRuleFactory(adviser__site=site, site=site, slot_minutes=minutes)
    for _ in range(10):
        outcomes = race(*[lambda: hold(site)] * 3)

        assert outcomes == Counter(done=2, SlotTaken=1)
        Appointment.objects.all().delete()


def test_as_many_winners_as_advisers(race):
    site = SiteFactory()
    for _ in range(3):
        OpeningRuleFactory(adviser__site=site)

    for _ in range(5):
        outcomes = race(*[lambda: hold(site)] * 12)

        assert outcomes == Counter(done=3, SlotTaken=9)
        assert Appointment.objects.live().values("adviser").distinct().count() == 3
        Appointment.objects.all().delete()


def test_double_post_is_one_booking(race):
    held = hold(OpeningRuleFactory().site, service_request=ServiceRequestFactory())
    person, key = BeneficiaryFactory(), uuid.uuid4()

    outcomes = race(*[lambda: confirm(held, person, key)] * 6)

    assert outcomes == Counter(done=6)
    assert Appointment.objects.values_list("state", flat=True).get() == AppointmentState.BOOKED


def test_double_post_after_the_hold_expired_is_one_booking(race):
    request = ServiceRequestFactory()
    held = hold(OpeningRuleFactory().site, service_request=request)
    Appointment.objects.update(hold_expires_at=NOW - timedelta(seconds=1))
    person, key = BeneficiaryFactory(), uuid.uuid4()

    outcomes = race(*[lambda: confirm(held, person, key)] * 6)

    assert outcomes == Counter(done=6)
    assert Appointment.objects.live().count() == 1


def test_one_person_in_two_tabs_has_one_booking_at_that_hour_rdvsp_1633(race):
    """Two sites, two advisers, one person, one hour."""
    first = OpeningRuleFactory().site
    second = OpeningRuleFactory(adviser__site__contract=first.contract).site
    holds = [hold(first), hold(second)]
    person = BeneficiaryFactory()

    outcomes = race(*[lambda held=held: confirm(held, person) for held in holds])

    assert outcomes == Counter(done=1, PersonAlreadyBooked=1)


def test_one_person_never_exceeds_the_number_of_open_bookings(race):
    site = OpeningRuleFactory(closes=time(18)).site
    holds = [hold(site, starts_at=NINE + timedelta(minutes=75 * n)) for n in range(5)]
    person = BeneficiaryFactory()

    outcomes = race(*[lambda held=held: confirm(held, person) for held in holds])

    assert outcomes == Counter(done=2, TooManyBookings=3)


def test_one_request_holds_one_slot(race):
    site = OpeningRuleFactory(closes=time(18)).site
    request = ServiceRequestFactory(contract=site.contract)
    starts = [NINE + timedelta(minutes=75 * n) for n in range(6)]

    outcomes = race(*[lambda at=at: hold(site, starts_at=at, service_request=request) for at in starts])

    assert outcomes == Counter(done=6)
    assert Appointment.objects.live().count() == 1


def test_booking_against_move_leaves_one_owner(race):
    site = OpeningRuleFactory().site
    ten = NINE + timedelta(minutes=75)

    for _ in range(10):
        booked = AppointmentFactory(adviser=site.advisers.get(), mode="PHONE")

        outcomes = race(lambda booked=booked: move(booked, ten), lambda: hold(site, starts_at=ten))

        assert outcomes == Counter(done=1, SlotTaken=1)
        Appointment.objects.exclude(moved_from=None).delete()
        Appointment.objects.all().delete()


def test_two_people_who_swap_their_hours_never_deadlock(race):
    """Each wants the other's slot: both are refused, nobody loses what he had (pretix 329, 28)."""
    site = OpeningRuleFactory().site
    adviser, ten = site.advisers.get(), NINE + timedelta(minutes=75)
    first = AppointmentFactory(adviser=adviser)
    second = AppointmentFactory(adviser=adviser, starts_at=ten)

    for _ in range(10):
        outcomes = race(lambda: move(first, ten), lambda: move(second, NINE))

        assert outcomes == Counter(SlotTaken=2)
    assert Appointment.objects.filter(state=AppointmentState.BOOKED).count() == 2


def test_cancel_against_rebook_never_loses_nor_doubles_the_slot(race):
    site = OpeningRuleFactory().site

    for _ in range(10):
        booked = AppointmentFactory(adviser=site.advisers.get())

        race(
            lambda booked=booked: services.cancel_appointment(
                appointment=booked, by=CancelledBy.PERSON, now=NOW
            ),
            *[lambda: hold(site)] * 4,
        )

        live = Appointment.objects.live().count()
        assert live <= 1
        if live == 0:
            assert hold(site).state == AppointmentState.ON_HOLD
        Appointment.objects.all().delete()


def test_move_against_cancel_leaves_one_decision(race):
    site = OpeningRuleFactory().site
    ten = NINE + timedelta(minutes=75)

    for _ in range(10):
        booked = AppointmentFactory(adviser=site.advisers.get(), mode="PHONE")

        outcomes = race(
            lambda booked=booked: services.cancel_appointment(
                appointment=booked, by=CancelledBy.PERSON, now=NOW
            ),
            lambda booked=booked: move(booked, ten),
        )

        assert outcomes in (Counter(done=1, TransitionRefused=1), Counter(done=1, AppointmentMoved=1))
        Appointment.objects.exclude(moved_from=None).delete()
        Appointment.objects.all().delete()


def test_expiry_against_confirmation_keeps_the_booking(race):
    site = OpeningRuleFactory().site

    for _ in range(10):
        held = hold(site)
        Appointment.objects.filter(pk=held.pk).update(hold_expires_at=NOW)
        person = BeneficiaryFactory()

        outcomes = race(
            lambda held=held, person=person: confirm(held, person),
            lambda: services.expire_holds(now=NOW),
            lambda: services.expire_holds(now=NOW),
        )

        assert outcomes == Counter(done=3)
        assert Appointment.objects.get(beneficiary=person).state == AppointmentState.BOOKED
        Appointment.objects.all().delete()


def test_absence_against_hold_never_leaves_a_hold_inside(race):
    rule = OpeningRuleFactory()

    for _ in range(10):
        race(
            *[lambda: hold(rule.site)] * 3,
            lambda: services.lay_absence(
                adviser=rule.adviser,
                starts_at=NINE,
                ends_at=NINE + timedelta(hours=4),
                by=rule.adviser.user,
                now=NOW,
            ),
        )

        assert Appointment.objects.live().count() == 0
        Absence.objects.all().delete()
        Appointment.objects.all().delete()


@pytest.mark.parametrize("column", ["adviser_id", "beneficiary_id"])
def test_raw_sql_overlap_is_refused(column):
    """No service, no lock: the table says no, for the adviser and the person (cal 5820, 10789)."""
    booked = AppointmentFactory()
    other = AppointmentFactory(starts_at=NINE + timedelta(days=7))
    busy = DateTimeTZRange(NINE + timedelta(minutes=59), NINE + timedelta(minutes=90))

    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="never_twice"):
        cursor.execute(
            f"UPDATE operators_appointment SET period = %s, busy_period = %s, {column} = %s WHERE id = %s",
            [busy, busy, getattr(booked, column), other.pk],
        )


def test_raw_sql_touching_sessions_are_accepted():
    booked = AppointmentFactory()

    AppointmentFactory(
        adviser=booked.adviser,
        beneficiary=booked.beneficiary,
        starts_at=booked.busy_period.upper,
    )

    assert Appointment.objects.live().count() == 2
