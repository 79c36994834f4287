"""One cap per person and per day, in one place (RDV-SP 4172: 136 SMS to one person in a day)."""

from datetime import timedelta

import pytest

from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState, Withdrawn
from cep_portal.messaging.models import Message
from cep_portal.messaging.rules import cap_of
from cep_portal.messaging.selectors import may_write
from cep_portal.messaging.services import send_message
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
PERSON = "9d1f7f4e-0000-4000-8000-000000000001"
MOBILE = {"channel": MessageChannel.SMS, "subject": "", "recipient": "+33639980001"}


def written(count, **changed):
    facts = {"person_key": PERSON, "kind": MessageKind.ALERT, "body": "Texte"}
    return MessageFactory.create_batch(count, **(facts | changed))


def send_all(messages, *, now=NOW) -> list[str]:
    for message in messages:
        send_message(message_id=message.pk, now=now)
        message.refresh_from_db()
    return [message.withdrawn or message.state for message in messages]


def test_136_sms_to_one_person_are_three_rdv_sp_4172(settings):
    outcomes = send_all(written(136, **MOBILE))

    assert [outcomes.count(state) for state in (MessageState.SENT, Withdrawn.CAPPED)] == [3, 133]


def test_cap_is_shared_by_channels_and_kinds_and_keeps_one_for_a_reminder():
    mails, offers = written(2), written(2, kind=MessageKind.OFFER, **MOBILE)
    reminders = written(2, kind=MessageKind.REMINDER)

    assert send_all([*mails, *offers, *reminders]) == ["SENT", "SENT", "SENT", "CAPPED", "SENT", "CAPPED"]


def test_cap_is_a_person_s_own():
    send_all(written(3))

    assert send_all(written(1, person_key="autre")) == [MessageState.SENT]


def test_person_without_key_is_counted_by_address():
    same = {"person_key": "", "recipient": "camille@exemple.example"}

    assert send_all(written(4, **same)) == ["SENT", "SENT", "SENT", "CAPPED"]
    assert send_all(written(1, person_key="")) == ["SENT"]


def test_cap_opens_again_after_24_hours():
    send_all(written(3))
    tomorrow = {"due_at": NOW + timedelta(days=1), "expires_at": NOW + timedelta(days=2)}
    early, late = written(2, **tomorrow | {"due_at": NOW + timedelta(hours=23)})

    assert send_all([early], now=NOW + timedelta(hours=23)) == [Withdrawn.CAPPED]
    assert send_all([late], now=NOW + timedelta(days=1)) == [MessageState.SENT]


@pytest.mark.parametrize("kind", [MessageKind.ACT, MessageKind.CODE])
def test_confirmations_and_codes_have_their_own_quota(kind):
    send_all(written(3))

    outcomes = send_all(written(21, kind=kind))

    assert outcomes == ["SENT"] * 20 + ["CAPPED"]


def test_messages_to_agents_have_no_cap():
    assert cap_of(MessageKind.STAFF) is None
    assert set(send_all(written(30, kind=MessageKind.STAFF))) == {MessageState.SENT}


def test_upper_apps_may_ask_before_they_offer():
    assert may_write(kind=MessageKind.OFFER, person_key=PERSON, now=NOW) is True

    send_all(written(3))

    assert may_write(kind=MessageKind.OFFER, person_key=PERSON, now=NOW) is False
    assert may_write(kind=MessageKind.REMINDER, person_key=PERSON, now=NOW) is True


def test_cap_costs_one_lock_and_one_count(django_assert_num_queries):
    (message,) = written(1)

    with django_assert_num_queries(6):  # savepoint, row, lock, count, write, release
        send_message(message_id=message.pk, now=NOW)

    assert Message.objects.get().state == MessageState.SENT
