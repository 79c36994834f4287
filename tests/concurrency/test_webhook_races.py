"""Workers at the same instant: each try is one worker's, and facts never wait for a receiver."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from operators.exchange.webhooks import rules
from operators.exchange.webhooks.enums import EventKind, MessageState
from operators.exchange.webhooks.models import WebhookMessage, WebhookTry
from operators.exchange.webhooks.services import announce, replay_message, send_due_webhooks, send_webhook
from operators.exchange.webhooks.services.sending import _claim
from tests.factories.webhooks import NOW, WebhookMessageFactory
from tests.operators.exchange.webhooks.conftest import certificates, receiver, subscription

__all__ = ["certificates", "receiver", "subscription"]
pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_workers_never_make_the_same_try(race, receiver, subscription, monkeypatch):
    """A replay hands its own task: left to run, it would make the try that the next round is a race for."""
    monkeypatch.setattr("operators.exchange.webhooks.services.replaying.later", lambda *_task, **_facts: None)
    message = WebhookMessageFactory(subscription=subscription)

    for done in range(10):
        assert len(receiver.asked) == done
        race(*[lambda: send_webhook(message_id=message.pk, now=NOW)] * 6)
        replay_message(message=message, by=subscription.created_by, now=NOW)

    assert len(receiver.asked) == WebhookTry.objects.count() == 10
    assert list(message.attempts.order_by("number").values_list("number", flat=True)) == list(range(1, 11))


def test_receiver_never_has_more_than_four_tries_under_way(race, subscription):
    messages = [WebhookMessageFactory(subscription=subscription) for _ in range(12)]

    race(*[lambda pk=message.pk: _claim(pk, now=NOW) for message in messages])

    assert WebhookMessage.objects.filter(claimed_until__gt=NOW).count() == rules.AT_ONCE


def test_sweeps_at_once_hand_each_message_once(race, subscription, monkeypatch):
    handed = []
    monkeypatch.setattr(
        "operators.exchange.webhooks.services.sending.later",
        lambda _name, *, message_id: handed.append(message_id),
    )
    messages = [WebhookMessageFactory(subscription=subscription) for _ in range(20)]

    race(*[lambda: send_due_webhooks(now=NOW)] * 6)

    assert sorted(handed) == [message.pk for message in messages]


def test_fact_is_written_while_a_claim_holds_the_subscription(subscription, monkeypatch):
    """A booking never waits for a worker: the claim locks no key."""
    monkeypatch.setattr(
        "operators.exchange.webhooks.services.announcing.later", lambda *_name, **_facts: None
    )
    written = threading.Event()

    def fact():
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '5s'")
        announce(
            kind=EventKind.PATHWAY_CLOSED,
            data={"id": "a"},
            organisation_id=subscription.organisation_id,
            now=NOW,
        )
        written.set()
        connection.close()

    with transaction.atomic():
        type(subscription).objects.select_for_update(no_key=True).get(pk=subscription.pk)
        thread = threading.Thread(target=fact)
        thread.start()
        assert written.wait(5)
    thread.join()


def test_worker_killed_during_the_answer_leaves_a_claim_that_ends(receiver, subscription, monkeypatch, clock):
    """The connection is cut under the worker after the receiver was asked, as by `kill -9`."""
    message = WebhookMessageFactory(subscription=subscription)

    def die(*_args, **_facts):
        raise SystemExit

    def work():
        try:
            with monkeypatch.context() as patch:
                patch.setattr("operators.exchange.webhooks.services.sending._conclude", die)
                send_webhook(message_id=message.pk, now=NOW)
        except SystemExit:
            pass
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    message.refresh_from_db()
    assert (message.state, message.tries, len(receiver.asked)) == (MessageState.PENDING, 1, 1)

    clock.move_to(NOW + timedelta(minutes=2))
    send_due_webhooks(now=NOW + timedelta(minutes=2))

    message.refresh_from_db()
    assert (message.state, message.tries, len(receiver.asked)) == (MessageState.DELIVERED, 2, 2)
    assert receiver.asked[0][1]["Webhook-Id"] == receiver.asked[1][1]["Webhook-Id"]
