"""Two workers, one message; two messages, one person: real threads on PostgreSQL."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.hooks import COMPOSERS, Composer
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import (
    News,
    Words,
    enqueue_news,
    enqueue_sms,
    note_delivery,
    send_message,
)
from cep_portal.messaging.services.forgetting import forget_messages
from tests.hooks import only
from tests.messaging.factories import NOW, MessageFactory

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SMS = {"channel": MessageChannel.SMS, "subject": "", "recipient": "+33639980001"}


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.PORTAL_SMS = settings.PORTAL_SMS | {"OPTIONS": {"folder": str(tmp_path)}}
    return tmp_path


@pytest.fixture
def carried(folder, monkeypatch):
    """Each text handed to the carrier, even twice for one message."""
    texts, send = [], sms.FileProvider.send

    def counted(self, *, number, text, reference):
        texts.append(reference)
        return send(self, number=number, text=text, reference=reference)

    monkeypatch.setattr(sms.FileProvider, "send", counted)
    return texts


def test_ten_workers_carry_a_message_once(race, carried):
    message = MessageFactory(**SMS)

    race(*[lambda: send_message(message_id=message.pk, now=NOW)] * 10)

    assert carried == [str(message.uuid)]
    assert Message.objects.get().state == MessageState.SENT


def test_cap_holds_against_workers_at_the_same_instant_rdv_sp_4172(race, carried):
    alerts = MessageFactory.create_batch(12, person_key="personne", kind=MessageKind.ALERT, **SMS)

    race(*[lambda one=alert: send_message(message_id=one.pk, now=NOW) for alert in alerts])

    assert len(carried) == 3
    states = sorted(Message.objects.values_list("state", flat=True))
    assert states == [MessageState.CANCELLED] * 9 + [MessageState.SENT] * 3


def test_one_act_told_by_ten_threads_is_one_row(race, folder):
    def tell():
        enqueue_sms(
            key="rappel:1",
            number="0612345678",
            text="Texte",
            now=NOW,
            due_at=NOW + timedelta(days=1),
        )

    assert race(*[tell] * 10) == {"done": 10}

    assert Message.objects.count() == 1


def test_call_of_the_carrier_waits_for_the_worker_that_is_sending(race, carried, monkeypatch):
    """The carrier calls back before the worker has written its row: both facts stay."""
    message = MessageFactory(**SMS)
    handed = threading.Event()
    send = sms.FileProvider.send

    def told(self, **facts):
        given = send(self, **facts)
        handed.set()
        return given

    monkeypatch.setattr(sms.FileProvider, "send", told)

    def call_back():
        handed.wait(timeout=30)
        note_delivery(reference=message.uuid, delivered=True, now=NOW)

    race(lambda: send_message(message_id=message.pk, now=NOW), call_back)

    message.refresh_from_db()
    assert (message.state, message.delivered_at, message.attempts) == (MessageState.SENT, NOW, 1)
    assert len(carried) == 1


def test_person_erased_while_the_words_are_written_leaves_none_behind(race, monkeypatch):
    """The words leave or not; in both cases nothing of them stays once the erasure is over."""
    writing = threading.Event()

    def write(_letter):
        writing.set()
        time.sleep(0.2)  # the erasure asks for the row meanwhile
        return Words("Bonjour Camille", "Objet")

    only(monkeypatch, COMPOSERS, Composer("essai", write))
    monkeypatch.setattr("cep_portal.messaging.services.outbox.later", lambda *_name, **_facts: None)
    message = enqueue_news(
        key="acte:1",
        recipient="camille@exemple.example",
        person_key="personne",
        news=News("essai", uuid4()),
        now=NOW,
    )

    def erase():
        writing.wait(timeout=30)
        forget_messages(person_key="personne", recipients=[message.recipient])

    race(lambda: send_message(message_id=message.pk, now=NOW), erase)

    message.refresh_from_db()
    assert (message.subject, message.body, message.recipient) == ("", "", "personne@efface.invalid")
    assert (message.state, message.attempts) == (MessageState.SENT, 1)
