"""What is told after an act, by which channel, and what a later act makes of it."""

from datetime import timedelta

import pytest

from beneficiaries.request.services.contact import set_preferences
from cep_portal.messaging.enums import MessageKind, MessageState, Withdrawn
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_message
from operators.booking.agenda import notices, services
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
UNDO_TIME = timedelta(minutes=5)


def booked(**person):
    return AppointmentFactory(beneficiary=BeneficiaryFactory(phone="06 12 34 56 78", **person))


def channels() -> list[str]:
    return [message.channel for message in Message.objects.order_by("pk")]


def prefer_sms(person):
    set_preferences(
        beneficiary=person,
        by_email=False,
        by_sms=True,
        discreet=True,
        contact_hours="ANY",
        reminders=True,
        now=NOW,
        by=None,
    )


def test_confirmation_is_one_mail_for_who_reads_mail():
    notices.tell_booked(booked(), now=NOW)

    assert channels() == ["EMAIL"]


@pytest.mark.parametrize("tell", [notices.tell_booked, notices.tell_moved, notices.tell_cancelled])
def test_who_chose_sms_is_told_by_sms(tell):
    appointment = booked()
    prefer_sms(appointment.beneficiary)

    tell(appointment, now=NOW)

    assert channels() == ["SMS"]
    assert Message.objects.get().kind == MessageKind.ACT


@pytest.mark.parametrize(
    ("by", "told"), [(CancelledBy.PERSON, ["EMAIL"]), (CancelledBy.OPERATOR, ["EMAIL", "SMS"])]
)
def test_cancellation_by_the_service_also_rings(by, told):
    services.cancel_appointment(appointment=booked(), by=by, now=NOW)

    assert channels() == told


def test_confirmation_of_a_booking_cancelled_meanwhile_never_leaves_cal_6905():
    appointment = booked()
    notices.tell_booked(appointment, now=NOW)
    services.cancel_appointment(appointment=appointment, by=CancelledBy.PERSON, now=NOW)

    for message in Message.objects.order_by("pk"):
        send_message(message_id=message.pk, now=NOW + UNDO_TIME)

    assert list(Message.objects.order_by("pk").values_list("state", "withdrawn")) == [
        (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE),
        (MessageState.SENT, ""),
    ]


def test_cancellation_undone_at_once_is_never_heard_of_rdv_sp_2538():
    appointment = booked()
    cancelled = services.cancel_appointment(appointment=appointment, by=CancelledBy.PERSON, now=NOW)
    message = Message.objects.get()
    send_message(message_id=message.pk, now=NOW + UNDO_TIME - timedelta(seconds=1))
    assert Message.objects.get().state == MessageState.DUE

    cancelled.state, cancelled.cancelled_at, cancelled.cancelled_by = AppointmentState.BOOKED, None, ""
    cancelled.save()
    send_message(message_id=message.pk, now=NOW + UNDO_TIME)

    message.refresh_from_db()
    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE)
