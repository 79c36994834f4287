"""What a message says is read again when it is sent (cal 6905, RDV-SP 2137 and 3345)."""

from uuid import uuid4

import pytest
from django.core import mail

from cep_portal.messaging.enums import MessageKind, MessageState, Withdrawn
from cep_portal.messaging.hooks import CHECKS, Check
from cep_portal.messaging.services import About, enqueue_message, send_message
from tests.hooks import only
from tests.messaging.factories import NOW

pytestmark = pytest.mark.django_db


def remind(about, **changed):
    facts = {
        "key": "rappel:1",
        "recipient": "camille@exemple.example",
        "subject": "Votre rendez-vous du 12 janvier",
        "body": "Texte",
        "kind": MessageKind.REMINDER,
        "about": about,
        "now": NOW,
    }
    return enqueue_message(**(facts | changed))


def sent(message):
    send_message(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    return message.state, message.withdrawn, len(mail.outbox)


def test_message_still_true_is_sent(facts):
    thing = uuid4()
    facts[thing] = 3

    assert sent(remind(About("essai", thing, 3))) == (MessageState.SENT, "", 1)


def test_message_about_a_thing_gone_is_withdrawn(facts):
    message = remind(About("essai", uuid4(), 3))

    assert sent(message) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE, 0)


def test_message_about_a_former_version_is_withdrawn(facts):
    thing = uuid4()
    facts[thing] = 4

    assert sent(remind(About("essai", thing, 3))) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE, 0)


def test_nobody_to_ask_means_not_sent(facts, monkeypatch):
    thing = uuid4()
    facts[thing] = 0
    message = remind(About("essai", thing))
    only(monkeypatch, CHECKS)

    assert sent(message) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE, 0)


def test_kind_that_nobody_checks_is_refused_at_writing(facts):
    with pytest.raises(ValueError, match="inconnu"):
        remind(About("inconnu", uuid4()))


def test_check_is_registered_once(facts):
    with pytest.raises(ValueError, match="twice"):
        CHECKS.add(Check("essai", lambda _told: True))
