import uuid
from datetime import timedelta

import pytest

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.wording.dates import long_instant
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import (
    PersonAlreadyBooked,
    SlotTaken,
    TooManyBookings,
    TransitionRefused,
)
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import bookings
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.messages import composed
from tests.operators.booking.agenda.acts import TEN, book, cancel, confirm, hold
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db


@pytest.mark.dated
def test_confirmation_books_marks_the_request_audits_and_writes():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    person = BeneficiaryFactory()

    booked = book(site, person=person, service_request=request)

    request.refresh_from_db()
    message = composed(Message.objects.get())
    assert (booked.state, booked.beneficiary, booked.booked_at) == ("BOOKED", person, NOW)
    assert request.state == RequestState.SCHEDULED
    assert AuditEvent.objects.filter(action="operators.appointment.booked", target_id=booked.pk).count() == 1
    assert (message.recipient, message.subject) == (person.email, "Votre rendez-vous du 30 novembre")
    assert "lundi 30 novembre 2026 à 9\xa0h" in message.body
    assert "jusqu’au lundi 30 novembre 2026 à 7\xa0h" in message.body


def test_same_key_twice_is_one_booking_and_one_message():
    held, person, key = hold(OpeningRuleFactory().site), BeneficiaryFactory(), uuid.uuid4()

    first, second = confirm(held, person, key=key), confirm(held, person, key=key)

    assert first == second
    assert Message.objects.count() == 1


def test_expired_hold_is_taken_again_when_still_free():
    held = hold(OpeningRuleFactory().site)

    booked = confirm(held, BeneficiaryFactory(), now=NOW + timedelta(minutes=30))

    assert booked.pk != held.pk
    assert booked.state == AppointmentState.BOOKED


def test_expired_hold_of_a_slot_gone_meanwhile_is_refused():
    site, later = OpeningRuleFactory().site, NOW + timedelta(minutes=30)
    held = hold(site)
    hold(site, now=later)

    with pytest.raises(SlotTaken):
        confirm(held, BeneficiaryFactory(), now=later)


def test_person_is_never_booked_twice_at_one_hour():
    """RDV-SP 5367, RDV-I 988: person and agent book the same hour."""
    site, person = SiteFactory(), BeneficiaryFactory()
    for _ in range(2):
        OpeningRuleFactory(adviser__site=site)
    book(site, person=person)

    with pytest.raises(PersonAlreadyBooked):
        book(site, person=person)


def test_two_open_bookings_at_most():
    rule, person = OpeningRuleFactory(), BeneficiaryFactory()
    AppointmentFactory(beneficiary=person, starts_at=at("2026-12-03 09:00"))
    AppointmentFactory(beneficiary=person, starts_at=at("2026-12-04 09:00"))

    with pytest.raises(TooManyBookings) as refusal:
        book(rule.site, person=person)

    assert str(refusal.value) == (
        "2 rendez-vous sont déjà à venir. Annulez-en un pour en prendre un autre."  # of another operator
    )


def test_refusal_of_a_third_booking_says_which_ones_stand():
    """Read by the person, at the desk and by a software; never the hours of another operator."""
    rule, person = OpeningRuleFactory(), BeneficiaryFactory()
    first, second = (
        AppointmentFactory(beneficiary=person, starts_at=at(start), adviser=rule.adviser)
        for start in ("2026-12-03 09:00", "2026-12-04 09:00")
    )

    with pytest.raises(TooManyBookings) as refusal:
        book(rule.site, person=person)

    hours = [long_instant(booked.starts_at, "Europe/Paris") for booked in (first, second)]
    assert str(refusal.value) == (
        f"2 rendez-vous sont déjà à venir : {hours[0]} ({rule.site.name}) et {hours[1]} ({rule.site.name})."
        " Annulez-en un pour en prendre un autre."
    )


def test_cancelled_appointment_cannot_be_confirmed_again():
    booked = book()
    cancel(booked)

    with pytest.raises(TransitionRefused):
        confirm(booked, BeneficiaryFactory())


@pytest.mark.parametrize("same_person", [True, False])
def test_key_of_another_booking_opens_nothing(same_person):
    """A key is typed by the browser: it must never answer with somebody else's appointment."""
    site, key, person = OpeningRuleFactory().site, uuid.uuid4(), BeneficiaryFactory()
    confirm(hold(site, service_request=ServiceRequestFactory(contract=site.contract)), person, key=key)
    other = hold(site, starts_at=TEN, service_request=ServiceRequestFactory(contract=site.contract))

    with pytest.raises(TransitionRefused):
        confirm(other, person if same_person else BeneficiaryFactory(), key=key)

    assert Appointment.objects.get(pk=other.pk).state == AppointmentState.ON_HOLD


def test_key_of_a_booking_without_request_opens_nothing_to_another_person():
    site, key = OpeningRuleFactory().site, uuid.uuid4()
    confirm(hold(site), BeneficiaryFactory(), key=key)

    with pytest.raises(TransitionRefused, match="déjà servi"):
        confirm(hold(site, starts_at=TEN), BeneficiaryFactory(), key=key)


def test_one_key_sent_by_two_people_at_once_is_refused_in_words():
    """Both looked for the key before either wrote it: the column has the last word."""
    first, second = AppointmentFactory(idempotency_key=uuid.uuid4()), AppointmentFactory()
    second.idempotency_key = first.idempotency_key

    with pytest.raises(TransitionRefused):
        bookings.save_for_person(second, ["idempotency_key"])
