import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.models import Message
from cep_portal.messaging.selectors import outbox_state
from cep_portal.messaging.services import (
    Attachment,
    enqueue_message,
    send_due_messages,
    send_message,
)
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class BrokenServer:
    """A mail server that answers as told; installed as the mailer of a test."""

    failure: Exception | None = None

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        for message in messages:
            if "refuse" in message.to[0]:
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"unknown user")})
        if BrokenServer.failure:
            raise BrokenServer.failure
        return len(messages)


@pytest.fixture
def broken_server(settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.messaging.test_services.BrokenServer"}}
    BrokenServer.failure = ConnectionRefusedError("no server")
    yield BrokenServer
    BrokenServer.failure = None


def enqueue(**changed):
    facts = {"key": "rdv:1", "recipient": "camille@exemple.example", "subject": "Objet", "body": "Texte"}
    return enqueue_message(**(facts | {"now": NOW} | changed))


def test_message_leaves_after_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = enqueue(lifetime=timedelta(days=3650))
        assert mail.outbox == []

    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert [(sent.to, sent.subject, sent.body) for sent in mail.outbox] == [
        (["camille@exemple.example"], "Objet", "Texte")
    ]


def test_same_act_writes_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = enqueue(lifetime=timedelta(days=3650)), enqueue(body="Autre texte")

    assert first == second
    assert len(mail.outbox) == 1


def test_message_of_an_act_undone_does_not_exist():
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_broker_that_is_down_does_not_fail_the_act(broker_away, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        message = enqueue()

    assert len(callbacks) == 1
    assert message.state == MessageState.DUE


def test_later_message_waits_for_its_hour():
    message = MessageFactory(due_at=NOW + MINUTE)

    send_message(message_id=message.pk, now=NOW)
    assert (send_due_messages(now=NOW), len(mail.outbox)) == (0, 0)

    send_message(message_id=message.pk, now=NOW + MINUTE)
    assert len(mail.outbox) == 1


def test_attachment_is_sent():
    enqueue(attachment=Attachment("rendez-vous.ics", "text/calendar", "BEGIN:VCALENDAR"))

    send_message(message_id=Message.objects.get().pk, now=NOW)

    assert [tuple(part) for part in mail.outbox[0].attachments] == [
        ("rendez-vous.ics", "BEGIN:VCALENDAR", "text/calendar")
    ]


def test_sending_twice_sends_once():
    message = MessageFactory()

    for _turn in range(2):
        send_message(message_id=message.pk, now=NOW)

    assert len(mail.outbox) == 1


def test_server_gone_is_tried_again_after_longer_pauses(broken_server):
    message = MessageFactory()
    pauses = []
    for _turn in range(8):
        send_message(message_id=message.pk, now=NOW)
        message.refresh_from_db()
        pauses.append((message.retry_at - NOW) / MINUTE)

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert (message.state, message.attempts, message.last_error) == (MessageState.DUE, 8, "no server")

    broken_server.failure = None
    send_message(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.SENT, "")


def test_address_refused_for_good_is_not_tried_again(broken_server):
    message = MessageFactory(recipient="refuse@exemple.example")

    send_message(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert message.state == MessageState.FAILED


def test_busy_address_is_tried_again(broken_server):
    message = MessageFactory()
    broken_server.failure = smtplib.SMTPRecipientsRefused({message.recipient: (450, b"try later")})

    send_message(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert message.state == MessageState.DUE


def test_one_failure_never_blocks_another(broken_server, django_capture_on_commit_callbacks):
    refused, fine = MessageFactory(recipient="refuse@exemple.example"), MessageFactory()
    broken_server.failure = None
    later = Message.objects.filter(pk__in=[refused.pk, fine.pk])
    later.update(expires_at=NOW + timedelta(days=3650))

    with django_capture_on_commit_callbacks(execute=True):
        assert send_due_messages(now=NOW) == 2

    states = dict(later.values_list("pk", "state"))
    assert states == {refused.pk: MessageState.FAILED, fine.pk: MessageState.SENT}


def test_unwritable_message_fails_alone():
    message = MessageFactory(subject="Objet\nBcc: autre@exemple.example")

    send_message(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.state, len(mail.outbox)) == (MessageState.FAILED, 0)


def test_expired_message_is_never_sent():
    handed, swept = MessageFactory.create_batch(2, expired=True)
    send_message(message_id=handed.pk, now=NOW)
    assert send_due_messages(now=NOW) == 0

    assert list(Message.objects.values_list("state", flat=True)) == [MessageState.EXPIRED] * 2
    assert swept.pk
    assert mail.outbox == []


def test_sweep_does_not_hand_the_same_message_twice_in_a_minute(broken_server, settings):
    message = MessageFactory(expires_at=NOW + timedelta(days=3650))

    assert send_due_messages(now=NOW) == 1
    Message.objects.filter(pk=message.pk).update(retry_at=NOW + MINUTE)
    assert send_due_messages(now=NOW + MINUTE / 2) == 0
    assert send_due_messages(now=NOW + MINUTE) == 1


def test_outbox_state_counts_in_one_query(django_assert_num_queries):
    MessageFactory(sent=True)
    MessageFactory(due_at=NOW + MINUTE)
    MessageFactory()
    MessageFactory(due_at=NOW - 11 * MINUTE)

    with django_assert_num_queries(1):
        state = outbox_state(now=NOW)

    assert (state.sent, state.waiting, state.due, state.late, state.failed) == (1, 1, 2, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"state": "SENT"}, "message_sent_has_instant"),
        ({"sent_at": NOW}, "message_sent_has_instant"),
        ({"expires_at": NOW}, "message_expires_after_due"),
    ],
)
def test_database_refuses_incoherent_messages(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MessageFactory(**wrong)
