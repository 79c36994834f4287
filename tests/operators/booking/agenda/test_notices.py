"""What is told after an act, by which channel, and what a later act makes of it."""

from datetime import timedelta

import pytest

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import set_preferences
from cep_portal.messaging.enums import MessageKind, MessageState, Withdrawn
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import Void, send_message
from operators.booking.agenda import notices, services
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.models import Appointment
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory
from tests.messages import composed
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


def test_mailbox_written_to_is_that_of_the_act_and_learns_no_other():
    """An address changed meanwhile, maybe by a thief, stays out of what the former one receives."""
    appointment = booked(email="avant@exemple.example")
    notices.tell_booked(appointment, now=NOW)
    Beneficiary.objects.filter(pk=appointment.beneficiary.pk).update(email="apres@exemple.example")

    message = composed(Message.objects.get())

    assert message.recipient == "avant@exemple.example"
    assert "mailto:avant@exemple.example" in message.attachment
    assert "apres@" not in message.body + message.attachment


def test_event_is_dated_of_the_act_whenever_it_is_written():
    notices.tell_booked(booked(), now=NOW)

    message = composed(Message.objects.get())

    assert f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}" in message.attachment


def test_discretion_chosen_after_the_act_is_kept_in_its_words():
    appointment = booked(email="")
    notices.tell_booked(appointment, now=NOW)
    set_preferences(
        beneficiary=appointment.beneficiary,
        by_email=True,
        by_sms=True,
        discreet=True,
        contact_hours="ANY",
        reminders=True,
        now=NOW,
        by=None,
    )

    assert appointment.site.name not in composed(Message.objects.get()).body


def test_words_of_a_former_state_are_never_written():
    """Moved on between the check and the words: the row itself says which state is told."""
    appointment = booked()
    notices.tell_booked(appointment, now=NOW)
    Appointment.objects.filter(pk=appointment.pk).update(calendar_sequence=1)

    with pytest.raises(Void) as void:
        composed(Message.objects.get())

    assert void.value.reason == Withdrawn.NOTHING_LEFT
