"""Texts hold codes, names and links: they do not stay."""

from datetime import timedelta

import pytest

from cep_portal.messaging.enums import MessageKind, MessageState
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import forget_texts
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def texts() -> list[str]:
    return [message.body for message in Message.objects.order_by("pk")]


def test_code_is_emptied_a_day_after_it_expires():
    MessageFactory(kind=MessageKind.CODE, sent=True, body="123456", expires_at=NOW + timedelta(minutes=15))

    assert forget_texts(now=NOW + DAY) == 0
    assert forget_texts(now=NOW + DAY + timedelta(minutes=15)) == 1
    assert texts() == [""]


def test_text_and_calendar_are_emptied_after_thirty_days():
    MessageFactory(sent=True, attachment_name="rdv.ics", attachment_type="text/calendar", attachment="BEGIN")

    assert forget_texts(now=NOW + 30 * DAY) == 1

    message = Message.objects.get()
    assert (message.body, message.attachment, message.attachment_name) == ("", "", "")
    assert (message.state, message.sent_at) == (MessageState.SENT, NOW)


def test_what_still_waits_keeps_its_text():
    MessageFactory(created_at=NOW - 40 * DAY)

    assert forget_texts(now=NOW) == 0


def test_rows_go_after_thirteen_months():
    MessageFactory(sent=True)
    forget_texts(now=NOW + 399 * DAY)
    assert Message.objects.count() == 1

    forget_texts(now=NOW + 400 * DAY)
    assert Message.objects.count() == 0


def test_batches_are_all_done(monkeypatch):
    monkeypatch.setattr("cep_portal.messaging.services.housekeeping.BATCH", 2)
    MessageFactory.create_batch(5, sent=True)

    assert forget_texts(now=NOW + 30 * DAY) == 5
    assert texts() == [""] * 5
