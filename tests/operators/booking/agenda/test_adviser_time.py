"""The last wall, by raw writes: whatever the code does, nobody's time is taken twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import AdviserTime, Appointment
from tests.factories.operators import MONDAY_NINE, AdviserFactory, AppointmentFactory

pytestmark = pytest.mark.django_db


def test_live_appointment_takes_its_busy_period():
    booked = AppointmentFactory()

    taken = AdviserTime.objects.get()

    assert (taken.adviser, taken.period, taken.source, taken.expires_at) == (
        booked.adviser,
        booked.busy_period,
        booked.uuid,
        None,
    )


def test_hold_takes_time_until_it_expires():
    held = AppointmentFactory(on_hold=True)

    assert AdviserTime.objects.get().expires_at == held.hold_expires_at


def test_confirmed_hold_keeps_its_row_without_end():
    held = AppointmentFactory(on_hold=True)
    row = AdviserTime.objects.get().pk
    person = AppointmentFactory(starts_at=MONDAY_NINE + timedelta(days=7)).beneficiary

    Appointment.objects.filter(pk=held.pk).update(
        state=AppointmentState.BOOKED, beneficiary=person, booked_at=MONDAY_NINE
    )

    assert AdviserTime.objects.get(source=held.uuid).expires_at is None
    assert AdviserTime.objects.get(source=held.uuid).pk == row


@pytest.mark.parametrize("state", [AppointmentState.EXPIRED, AppointmentState.CANCELLED])
def test_end_of_an_appointment_gives_the_time_back(state):
    held = AppointmentFactory(on_hold=state == AppointmentState.EXPIRED)
    ended = {"cancelled_at": MONDAY_NINE, "cancelled_by": "PERSON"} if state == "CANCELLED" else {}

    Appointment.objects.filter(pk=held.pk).update(state=state, **ended)

    assert not AdviserTime.objects.exists()


def test_database_refuses_an_adviser_twice():
    """cal.com 5820, 10789, 13114: only the database ends double bookings."""
    booked = AppointmentFactory()

    with pytest.raises(IntegrityError, match="adviser_time_never_twice"), transaction.atomic():
        AppointmentFactory(adviser=booked.adviser, starts_at=MONDAY_NINE + timedelta(minutes=74))

    AppointmentFactory(adviser=booked.adviser, starts_at=MONDAY_NINE + timedelta(minutes=75))


def test_pair_takes_the_time_of_both():
    """RDV-SP 1845: the second adviser of a pair is as busy as the first."""
    second = AdviserFactory()
    AppointmentFactory(second_adviser=second)

    with pytest.raises(IntegrityError, match="adviser_time_never_twice"), transaction.atomic():
        AppointmentFactory(adviser=second)

    assert AdviserTime.objects.count() == 2


def test_moving_the_row_moves_the_time():
    booked = AppointmentFactory()
    other = AdviserFactory()

    Appointment.objects.filter(pk=booked.pk).update(adviser=other)

    assert AdviserTime.objects.get().adviser == other


def test_pair_counts_two_people():
    adviser = AdviserFactory()

    with pytest.raises(IntegrityError, match="appointment_two_advisers_differ"):
        AppointmentFactory(adviser=adviser, second_adviser=adviser)
