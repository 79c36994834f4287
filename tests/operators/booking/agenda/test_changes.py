from datetime import timedelta

import pytest

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda import services
from operators.booking.agenda.enums import APPOINTMENT_TRANSITIONS, AppointmentState, CancelledBy
from operators.booking.agenda.errors import (
    SlotTaken,
    TooLateToChange,
    TransitionRefused,
)
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.rules import can_change, change_limit, may_become
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AbsenceFactory, AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.acts import NINE, TEN, book, cancel, move
from tests.operators.booking.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", CancelledBy)
def test_cancelling_tells_who_frees_the_slot_and_reopens_the_request(by):
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    booked = book(site, service_request=request)

    cancelled = cancel(booked, by=by)

    request.refresh_from_db()
    assert (cancelled.state, cancelled.cancelled_by, cancelled.cancelled_at) == ("CANCELLED", by, NOW)
    assert request.state == RequestState.REGISTERED
    assert hours(site.contract)[0] == "2026-11-30 09:00"
    assert Message.objects.filter(key__startswith=f"appointment-cancelled-{booked.uuid}").count() == 1
    assert AuditEvent.objects.filter(action="operators.appointment.cancelled").count() == 1


def test_request_stays_scheduled_while_another_appointment_is_coming():
    site = OpeningRuleFactory().site
    request, person = ServiceRequestFactory(contract=site.contract), BeneficiaryFactory()
    first = book(site, person=person, service_request=request)
    book(site, person=person, service_request=request, starts_at=TEN)

    cancel(first)

    request.refresh_from_db()
    assert request.state == RequestState.SCHEDULED


@pytest.mark.parametrize("act", [cancel, move])
def test_one_limit_for_cancel_and_move_rdvsp_4453(act):
    """Two hours before, to the second; the service itself may cancel later."""
    booked = book()
    limit = NINE - timedelta(hours=2)

    with pytest.raises(TooLateToChange):
        act(booked, now=limit + timedelta(seconds=1))

    act(booked, now=limit - timedelta(minutes=50))


@pytest.mark.parametrize(("shift", "offered"), [(0, True), (1, False)])
def test_change_is_offered_until_the_limit_included(shift, offered):
    booked = book()

    assert can_change(booked, now=change_limit(booked.starts_at) + timedelta(seconds=shift)) is offered


def test_the_service_may_cancel_after_the_limit():
    late = NINE - timedelta(minutes=1)
    assert cancel(book(), by=CancelledBy.OPERATOR, now=late).state == AppointmentState.CANCELLED


def test_move_keeps_the_adviser_and_tells_once():
    site = SiteFactory()
    _other, adviser = (OpeningRuleFactory(adviser__site=site).adviser for _ in range(2))
    booked = AppointmentFactory(adviser=adviser)
    AppointmentFactory(adviser=adviser, starts_at=at("2026-12-02 09:00"))  # now the most loaded

    moved = move(booked)

    booked.refresh_from_db()
    assert (booked.state, booked.cancelled_by) == (AppointmentState.CANCELLED, CancelledBy.PERSON)
    assert (moved.state, moved.starts_at, moved.adviser) == (AppointmentState.BOOKED, TEN, adviser)
    assert (moved.moved_from, moved.calendar_sequence) == (booked, 1)
    assert [message.key for message in Message.objects.all()] == [f"appointment-moved-{moved.uuid}-1"]


def test_move_by_less_than_the_session_does_not_meet_itself():
    rule = OpeningRuleFactory(slot_minutes=60, buffer_minutes=0)
    OpeningRuleFactory(adviser=rule.adviser, opens=NINE.replace(hour=9, minute=30).time())
    booked = book(rule.site)

    assert move(booked, NINE + timedelta(minutes=30)).state == AppointmentState.BOOKED


def test_move_to_a_taken_slot_keeps_the_old_one():
    booked = book()
    AppointmentFactory(adviser=booked.adviser, starts_at=TEN)

    with pytest.raises(SlotTaken):
        move(booked)

    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED


def test_move_checks_the_length_of_the_new_slot_rdvsp_pr_5241():
    """Ten o'clock is free for half an hour only: an hour is not accepted there."""
    booked = book()
    AbsenceFactory(
        adviser=booked.adviser,
        period=(TEN + timedelta(minutes=30), TEN + timedelta(minutes=90)),
    )

    with pytest.raises(SlotTaken):
        move(booked)


@pytest.mark.parametrize("state", AppointmentState)
@pytest.mark.parametrize("target", AppointmentState)
def test_transitions_are_those_of_the_table(state, target):
    allowed = {
        ("ON_HOLD", "BOOKED"),
        ("ON_HOLD", "EXPIRED"),
        ("BOOKED", "ATTENDED"),
        ("BOOKED", "NO_SHOW"),
        ("BOOKED", "CANCELLED"),
        ("CANCELLED", "BOOKED"),  # undone within minutes
    }

    assert may_become(state, target) is ((state, target) in allowed)
    assert set(APPOINTMENT_TRANSITIONS) == set(AppointmentState)


@pytest.mark.parametrize("state", ["ATTENDED", "NO_SHOW"])
def test_what_is_over_is_neither_cancelled_nor_moved(state):
    rule = OpeningRuleFactory()
    over = AppointmentFactory(adviser=rule.adviser, state=state)

    with pytest.raises(TransitionRefused):
        cancel(over)
    with pytest.raises(TransitionRefused):
        move(over)


def test_move_to_a_site_of_another_contract_is_refused():
    booked, elsewhere = book(), OpeningRuleFactory().site

    with pytest.raises(SlotTaken):
        services.move_appointment(
            appointment=booked, site=elsewhere, starts_at=TEN, level="ONE", mode="PHONE", now=NOW
        )

    assert Appointment.objects.get().state == AppointmentState.BOOKED
