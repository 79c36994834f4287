"""A try, its signature, its retries, and what becomes of a receiver that fails."""

import base64
import hashlib
import hmac
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.encryption import new_key
from cep_portal.messaging.models import Message
from operators.exchange.webhooks import rules
from operators.exchange.webhooks.enums import EventKind, MessageState, SubscriptionState
from operators.exchange.webhooks.gateways import sealing
from operators.exchange.webhooks.models import WebhookMessage, WebhookTry
from operators.exchange.webhooks.services import (
    forget_webhooks,
    replay_message,
    resume_subscription,
    rotate_secret,
    send_due_webhooks,
    send_test,
    send_webhook,
)
from tests.factories.accounts import UserFactory
from tests.factories.webhooks import (
    NOW,
    SECRET,
    WebhookMessageFactory,
    WebhookSubscriptionFactory,
    WebhookTryFactory,
)

pytestmark = pytest.mark.django_db


def tried(message, *, now=NOW):
    send_webhook(message_id=message.pk, now=now)
    message.refresh_from_db()
    return message


def signs(secret: str, headers: dict, body: bytes) -> list[bool]:
    """As a receiver reads the standard: nothing of the portal's own code."""
    key = base64.b64decode(secret.split("_")[1])
    signed = b".".join([headers["Webhook-Id"].encode(), headers["Webhook-Timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return [header == f"v1,{expected}" for header in headers["Webhook-Signature"].split(" ")]


def test_message_arrives_with_its_identifier_and_a_signature(receiver, subscription):
    message = tried(WebhookMessageFactory(subscription=subscription))

    ((path, headers, body),) = receiver.asked
    assert (path, body.decode()) == ("/mon-cep", message.body)
    assert (headers["Webhook-Id"], headers["Content-Type"]) == (str(message.event), "application/json")
    assert int(headers["Webhook-Timestamp"]) == int(NOW.timestamp())
    assert signs(SECRET, headers, body) == [True]
    assert signs(SECRET, headers, body + b" ") == [False]
    assert (message.state, message.tries, message.next_try_at) == (MessageState.DELIVERED, 1, None)
    assert message.delivered_at >= NOW
    attempt = WebhookTry.objects.get()
    assert (attempt.number, attempt.status, attempt.failure) == (1, 204, "")


def test_both_secrets_sign_for_a_day_after_a_rotation(receiver, subscription):
    _, fresh = rotate_secret(subscription=subscription, by=subscription.created_by, now=NOW)
    day = NOW + timedelta(hours=24)

    for now in (NOW, day - timedelta(seconds=1), day):
        tried(WebhookMessageFactory(subscription=subscription), now=now)

    found = [
        (signs(fresh, headers, body), signs(SECRET, headers, body)) for _, headers, body in receiver.asked
    ]
    assert found == [
        ([True, False], [False, True]),
        ([True, False], [False, True]),
        ([True], [False]),
    ]


def test_secret_is_sealed_at_rest(subscription):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM operators_webhooksubscription")
        (sealed,) = cursor.fetchone()

    assert SECRET.encode() not in bytes(sealed)
    assert sealing.good_secrets(subscription, now=NOW) == [SECRET]


def test_secrets_follow_a_change_of_keys(settings, subscription):
    _, fresh = rotate_secret(subscription=subscription, by=subscription.created_by, now=NOW)
    old, settings.PORTAL_NOTE_KEYS = settings.PORTAL_NOTE_KEYS, new_key()
    newest = settings.PORTAL_NOTE_KEYS
    settings.PORTAL_NOTE_KEYS = f"{newest},{old}"

    call_command("rotate_note_keys", stdout=io.StringIO())

    settings.PORTAL_NOTE_KEYS = newest
    subscription.refresh_from_db()
    assert sealing.good_secrets(subscription, now=NOW) == [fresh, SECRET]


def test_tries_follow_the_table_then_the_message_is_given_up(receiver, subscription):
    receiver.status = 503
    message = WebhookMessageFactory(subscription=subscription)
    now, pauses = NOW, []

    while message.state in MessageState.live:
        tried(message, now=now)
        if message.next_try_at:
            finished = message.attempts.get(number=message.tries).finished_at
            pauses.append(message.next_try_at - finished)
            now = message.next_try_at

    assert (message.state, message.tries) == (MessageState.GIVEN_UP, 8)
    assert len(pauses) == len(rules.PAUSES)
    for pause, least in zip(pauses, rules.PAUSES, strict=True):
        assert least <= pause <= least * 1.2
    assert timedelta(days=2, hours=22) < sum(rules.PAUSES, timedelta()) < timedelta(days=3)
    assert list(message.attempts.order_by("number").values_list("number", "status", "failure")) == [
        (number, 503, "STATUS") for number in range(1, 9)
    ]
    assert {headers["Webhook-Id"] for _, headers, _ in receiver.asked} == {str(message.event)}


def test_message_is_not_tried_before_its_hour(receiver, subscription):
    message = WebhookMessageFactory(subscription=subscription, next_try_at=NOW + timedelta(seconds=1))

    assert (tried(message).tries, receiver.asked) == (0, [])


@pytest.mark.parametrize("state", ["given_up", "delivered"])
def test_message_that_is_over_is_not_tried(receiver, subscription, state):
    tried(WebhookMessageFactory(subscription=subscription, **{state: True}))

    assert receiver.asked == []


def test_replayed_message_has_the_same_identifier_and_body_and_a_new_row_of_tries(receiver, subscription):
    receiver.statuses = [503]
    lost = WebhookMessageFactory(subscription=subscription, given_up=True)

    replay_message(message=lost, by=subscription.created_by, now=NOW)
    first = tried(lost)
    assert (first.state, first.tries, first.tries_before) == (MessageState.RETRYING, 9, 8)
    second = tried(lost, now=first.next_try_at)

    assert (second.state, second.tries) == (MessageState.DELIVERED, 10)
    assert [(headers["Webhook-Id"], body.decode()) for _, headers, body in receiver.asked] == [
        (str(lost.event), lost.body)
    ] * 2


def test_worker_killed_while_the_receiver_answers_loses_nothing(
    receiver, subscription, at, django_capture_on_commit_callbacks
):
    """It had written its claim and died: the claim ends, the message is tried again, the try is told."""
    message = WebhookMessageFactory(subscription=subscription, tries=1, claimed_until=NOW + rules.LEASE)
    WebhookTryFactory(message=message, number=1, finished_at=None, status=None, failure="")

    assert tried(message, now=NOW + timedelta(minutes=1)).tries == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert send_due_webhooks(now=at(NOW + rules.LEASE)) == 1

    message.refresh_from_db()
    assert (message.state, message.tries) == (MessageState.DELIVERED, 2)
    assert list(message.attempts.order_by("number").values_list("failure", flat=True)) == ["LOST", ""]


def test_answer_that_comes_after_its_claim_ended_counts_when_it_is_good(receiver, subscription):
    from operators.exchange.webhooks.gateways.posting import Outcome
    from operators.exchange.webhooks.services.sending import _claim, _conclude

    message = WebhookMessageFactory(subscription=subscription)
    slow = _claim(message.pk, now=NOW)
    other = _claim(message.pk, now=NOW + rules.LEASE)
    _conclude(slow, Outcome(200), now=NOW + rules.LEASE)
    _conclude(other, Outcome(500, "STATUS"), now=NOW + rules.LEASE)

    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED


def test_receiver_has_four_tries_under_way_and_one_when_it_fails(receiver, subscription):
    for _ in range(4):
        WebhookMessageFactory(subscription=subscription, claimed_until=NOW + rules.LEASE)
    fifth = WebhookMessageFactory(subscription=subscription)
    assert tried(fifth).state == MessageState.PENDING

    WebhookMessage.objects.filter(claimed_until__isnull=False)[:1].get().delete()
    subscription.failing_since = NOW
    subscription.save()
    assert tried(fifth).state == MessageState.PENDING

    subscription.failing_since = None
    subscription.save()
    assert tried(fifth).state == MessageState.DELIVERED


def test_sweep_hands_what_is_due_once_a_minute(receiver, subscription, monkeypatch):
    handed = []
    monkeypatch.setattr(
        "operators.exchange.webhooks.services.sending.later",
        lambda _name, *, message_id: handed.append(message_id),
    )
    due = [WebhookMessageFactory(subscription=subscription) for _ in range(3)]
    WebhookMessageFactory(subscription=subscription, next_try_at=NOW + timedelta(seconds=1))
    WebhookMessageFactory(subscription=subscription, claimed_until=NOW + timedelta(seconds=1))
    WebhookMessageFactory(subscription=subscription, given_up=True)
    WebhookMessageFactory(subscription=WebhookSubscriptionFactory(suspended=True))

    counts = [send_due_webhooks(now=NOW + timedelta(seconds=second)) for second in (0, 0.5, 60)]

    assert counts == [3, 0, 5]
    assert handed[:3] == [message.pk for message in due]


def test_receiver_that_fails_is_asked_one_message_a_sweep_until_it_answers(
    receiver, subscription, at, django_capture_on_commit_callbacks
):
    receiver.statuses = [500]
    messages = [WebhookMessageFactory(subscription=subscription) for _ in range(3)]
    failed = tried(messages[0])
    subscription.refresh_from_db()
    assert subscription.failing_since >= NOW

    later = at(failed.next_try_at)
    with django_capture_on_commit_callbacks(execute=True):
        assert send_due_webhooks(now=later) == 1

    subscription.refresh_from_db()
    assert subscription.failing_since is None
    with django_capture_on_commit_callbacks(execute=True):
        assert send_due_webhooks(now=later) == 2
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {MessageState.DELIVERED}


def test_days_of_failures_suspend_and_tell_managers_once(receiver, subscription):
    receiver.status = 500
    manager = subscription.created_by
    UserFactory(role=Role.OPERATOR_MANAGER)
    UserFactory(role=Role.ADVISER, role__organisation=subscription.organisation)
    subscription.failing_since = NOW - timedelta(days=5)
    subscription.save()
    first, second = (WebhookMessageFactory(subscription=subscription) for _ in range(2))

    tried(first)
    tried(second)

    subscription.refresh_from_db()
    assert (subscription.state, subscription.suspension) == (SubscriptionState.SUSPENDED, "FAILING")
    mail = Message.objects.get()
    assert (mail.recipient, mail.subject) == (manager.email, "Envois à votre logiciel suspendus")
    assert subscription.url in mail.body
    assert f"/bureau/webhooks/{subscription.uuid}/" in mail.body
    line = AuditEvent.objects.get(action="operators.webhook.suspended")
    assert (line.actor, line.data) == (None, {"reason": "FAILING"})
    second.refresh_from_db()
    assert (second.state, second.tries) == (MessageState.PENDING, 0)


def test_failures_of_less_than_five_days_suspend_nothing(receiver, subscription):
    receiver.status = 500
    subscription.failing_since = NOW - timedelta(days=4, hours=23)
    subscription.save()

    tried(WebhookMessageFactory(subscription=subscription))

    subscription.refresh_from_db()
    assert subscription.state == SubscriptionState.ACTIVE


def test_address_that_says_it_is_gone_suspends_at_once(receiver, subscription):
    receiver.status = 410

    message = tried(WebhookMessageFactory(subscription=subscription))

    subscription.refresh_from_db()
    assert (subscription.suspension, message.state) == ("GONE", MessageState.RETRYING)
    assert "410" in Message.objects.get().body


def test_what_waited_leaves_when_it_is_resumed(receiver, at, django_capture_on_commit_callbacks):
    held = WebhookSubscriptionFactory(url=receiver.url, suspended=True, failing_since=NOW)
    later = WebhookMessageFactory(
        subscription=held, state=MessageState.RETRYING, next_try_at=NOW + timedelta(days=1)
    )
    assert tried(later, now=NOW + timedelta(days=1)).tries == 0

    resume_subscription(subscription=held, by=held.created_by, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        send_due_webhooks(now=at(NOW))

    later.refresh_from_db()
    assert later.state == MessageState.DELIVERED


def test_test_is_tried_once_and_counts_for_nothing(receiver, subscription):
    receiver.status = 500

    message = send_test(subscription=subscription, by=subscription.created_by, now=NOW)
    tried(message)

    subscription.refresh_from_db()
    assert (message.kind, message.state) == (EventKind.TEST, MessageState.GIVEN_UP)
    assert subscription.failing_since is None
    assert b'"type":"test"' in receiver.asked[0][2]


def test_message_leaves_by_itself_after_the_act(
    receiver, subscription, at, django_capture_on_commit_callbacks
):
    from operators.exchange.webhooks.services import announce

    at(NOW)
    with django_capture_on_commit_callbacks(execute=True):
        announce(
            kind=EventKind.PATHWAY_CLOSED,
            data={"id": "a"},
            organisation_id=subscription.organisation_id,
            now=NOW,
        )

    assert (len(receiver.asked), WebhookMessage.objects.get().state) == (1, MessageState.DELIVERED)


def test_messages_are_forgotten_after_thirty_days(subscription):
    rotate_secret(subscription=subscription, by=subscription.created_by, now=NOW)
    old = WebhookMessageFactory(subscription=subscription, created_at=NOW - timedelta(days=30, seconds=1))
    WebhookTryFactory(message=old)
    kept = WebhookMessageFactory(subscription=subscription, created_at=NOW - timedelta(days=30))

    assert [forget_webhooks(now=NOW), forget_webhooks(now=NOW)] == [1, 0]

    assert (WebhookMessage.objects.get(), WebhookTry.objects.count()) == (kept, 0)
    forget_webhooks(now=NOW + timedelta(hours=24))
    subscription.refresh_from_db()
    assert (subscription.former_until, bytes(subscription.former_sealed)) == (None, b"")


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE operators_webhooksubscription SET url = 'http://a.fr'", "webhook_url_is_https"),
        ("UPDATE operators_webhooksubscription SET kinds = '{}'", "webhook_kinds_known"),
        ("UPDATE operators_webhooksubscription SET kinds = '{TEST}'", "webhook_kinds_known"),
        ("UPDATE operators_webhooksubscription SET sealed = ''", "webhook_secret_sealed_until_ended"),
        ("UPDATE operators_webhooksubscription SET state = 'SUSPENDED'", "webhook_suspension_said"),
        ("UPDATE operators_webhooksubscription SET former_sealed = 'a'", "webhook_former_secret_whole"),
        ("UPDATE operators_webhookmessage SET next_try_at = NULL", "webhook_message_due_while_live"),
        ("UPDATE operators_webhookmessage SET tries_before = 3", "webhook_message_tries_grow"),
        (
            "UPDATE operators_webhookmessage SET state = 'DELIVERED', next_try_at = NULL",
            "webhook_message_delivered_has_instant",
        ),
        ("UPDATE operators_webhooktry SET number = 1", "webhook_try_once"),
        (
            "UPDATE operators_webhooktry SET status = NULL, failure = ''",
            "webhook_try_outcome_when_finished",
        ),
    ],
)
def test_database_refuses_what_cannot_be(sql, constraint):
    message = WebhookMessageFactory()
    for number in (1, 2):
        WebhookTryFactory(message=message, number=number)

    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
