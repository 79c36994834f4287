"""The outbox sent: a try is claimed, then made, then concluded, each step committed.

Rows are locked in one order, the subscription before its message, and nothing is locked while the receiver
answers. A worker killed in between leaves a claim that ends by itself: the message is tried again.
"""

import random
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.exchange.webhooks import rules
from operators.exchange.webhooks.enums import EventKind, Failure, MessageState, SubscriptionState, Suspension
from operators.exchange.webhooks.gateways.posting import Outcome, post
from operators.exchange.webhooks.gateways.sealing import good_secrets
from operators.exchange.webhooks.gateways.signing import headers
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription, WebhookTry
from operators.exchange.webhooks.services.subscribing import suspend

GONE = 410


def send_webhook(*, message_id: int, now: datetime) -> None:
    """Try one message that is due, unless another worker does or the receiver has enough of them under way.

    Safe to run twice. A failure is tried again later (rules.PAUSES), until the message is given up.
    """
    begun = time.monotonic()
    attempt = _claim(message_id, now=now)
    if attempt is None:
        return
    outcome = _post(attempt.message, now=now)
    _conclude(attempt, outcome, now=now + timedelta(seconds=time.monotonic() - begun))


def _post(message: WebhookMessage, *, now: datetime) -> Outcome:
    body = message.body.encode()
    subscription = message.subscription
    signed = headers(secrets=good_secrets(subscription, now=now), message_id=message.event, at=now, body=body)
    return post(url=subscription.url, body=body, headers=signed)


@transaction.atomic
def _claim(message_id: int, *, now: datetime) -> WebhookTry | None:
    """The try that this worker makes, and no other until the claim ends; None when there is nothing to do."""
    subscription = _locked_subscription(message_id)
    if subscription is None or subscription.state != SubscriptionState.ACTIVE:
        return None
    at_once = rules.AT_ONCE if subscription.failing_since is None else rules.AT_ONCE_FAILING
    if subscription.messages.filter(claimed_until__gt=now).count() >= at_once:
        return None
    message = (
        WebhookMessage.objects.select_for_update(of=("self",), no_key=True)
        .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
        .filter(pk=message_id, state__in=MessageState.live, next_try_at__lte=now)
        .first()
    )
    if message is None:
        return None
    message.attempts.filter(finished_at__isnull=True).update(finished_at=now, failure=Failure.LOST)
    message.tries, message.claimed_until = message.tries + 1, now + rules.LEASE
    message.save(update_fields=["tries", "claimed_until"])
    message.subscription = subscription
    return WebhookTry.objects.create(message=message, number=message.tries, started_at=now)


def _locked_subscription(message_id: int) -> WebhookSubscription | None:
    """`NO KEY`: facts go on writing messages of a subscription whose message is being claimed."""
    rows = WebhookSubscription.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(messages=message_id).first()


@transaction.atomic
def _conclude(attempt: WebhookTry, outcome: Outcome, *, now: datetime) -> None:
    """Write what came of a try. One that comes back after its claim ended only counts when it succeeded."""
    subscription = _locked_subscription(attempt.message_id)
    if subscription is None:  # ended and forgotten meanwhile
        return
    message = WebhookMessage.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.message_id)
    attempt.finished_at, attempt.status, attempt.failure = now, outcome.status, outcome.failure
    attempt.save(update_fields=["finished_at", "status", "failure"])
    if message.is_over:
        return
    if outcome.is_delivered:
        _delivered(message, subscription, now=now)
    elif message.tries == attempt.number:
        _failed(message, subscription, outcome, now=now)


def _delivered(message: WebhookMessage, subscription: WebhookSubscription, *, now: datetime) -> None:
    message.state, message.delivered_at = MessageState.DELIVERED, now
    message.next_try_at = message.claimed_until = None
    message.save(update_fields=["state", "delivered_at", "next_try_at", "claimed_until"])
    if subscription.failing_since is not None:
        subscription.failing_since = None
        subscription.save(update_fields=["failing_since"])


def _failed(
    message: WebhookMessage, subscription: WebhookSubscription, outcome: Outcome, *, now: datetime
) -> None:
    tried = message.tries - message.tries_before
    message.claimed_until = message.handed_until = None
    if tried >= rules.tries_of(message.kind):
        message.state, message.next_try_at = MessageState.GIVEN_UP, None
    else:
        message.state = MessageState.RETRYING
        message.next_try_at = now + rules.pause_after(tried, draw=random.random())
    message.save(update_fields=["state", "next_try_at", "claimed_until", "handed_until"])
    if message.kind != EventKind.TEST:
        _count_failure(subscription, outcome, now=now)


def _count_failure(subscription: WebhookSubscription, outcome: Outcome, *, now: datetime) -> None:
    if subscription.failing_since is None:
        subscription.failing_since = now
        subscription.save(update_fields=["failing_since"])
    if subscription.state != SubscriptionState.ACTIVE:
        return
    if outcome.status == GONE:
        suspend(subscription, Suspension.GONE, by=None, now=now)
    elif now - subscription.failing_since >= timedelta(days=settings.PORTAL_WEBHOOK_FAILING_DAYS):
        suspend(subscription, Suspension.FAILING, by=None, now=now)


def send_due_webhooks(*, now: datetime) -> int:
    """Hand what is due to tasks, a part for each subscription; returns how many were handed.

    A receiver that fails is asked one message a sweep until it answers again. A handed message rests a
    minute before it is handed again: a late queue does not fill with doubles.
    """
    active = WebhookSubscription.objects.filter(state=SubscriptionState.ACTIVE)
    due = active.filter(messages__next_try_at__lte=now).distinct()
    handed = [pk for subscription in due.order_by("pk") for pk in _hand(subscription, now=now)]
    for message_id in handed:
        later(TaskName.SEND_WEBHOOK, message_id=message_id)
    return len(handed)


@transaction.atomic
def _hand(subscription: WebhookSubscription, *, now: datetime) -> list[int]:
    most = rules.HANDED if subscription.failing_since is None else 1
    rows = WebhookMessage.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    ready = rows.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
        Q(handed_until__isnull=True) | Q(handed_until__lte=now),
        subscription=subscription,
        next_try_at__lte=now,
    )
    handed = list(ready.order_by("next_try_at", "pk").values_list("pk", flat=True)[:most])
    WebhookMessage.objects.filter(pk__in=handed).update(handed_until=now + rules.HANDED_FOR)
    return handed
