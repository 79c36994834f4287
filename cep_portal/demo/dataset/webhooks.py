"""The subscription of the named operator's software: what it received, lost and waits for.

The receiver is fictional: what is left to send from the demonstration finds no host, and says so.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate
from uuid import uuid4

from cep_portal.demo.dataset.accounts import acting
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.exchange.webhooks.enums import EventKind, Failure, MessageState
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription, WebhookTry
from operators.exchange.webhooks.rules import PAUSES
from operators.exchange.webhooks.services import subscribe
from operators.exchange.webhooks.services.announcing import body_of

URL = "https://crm.operateur.example/mon-cep"
KINDS = [EventKind.PATHWAY_CLOSED, EventKind.PATHWAY_REOPENED, EventKind.DELIVERY_FINISHED]
SHOWN = timedelta(days=20)
LOST = len(PAUSES) + 1
SOON = timedelta(minutes=20)


def build_webhooks(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """The latest closings told: most received, three lost while the software was down, one that waits."""
    manager = acting("responsable@operateurs.example")
    subscription, _secret = subscribe(url=URL, kinds=KINDS, by=manager, now=now - SHOWN)
    closed = Pathway.objects.filter(
        contract__holder=subscription.organisation_id,
        state=PathwayState.CLOSED,
        closed_at__range=(now - SHOWN, now),
    )
    for place, pathway in enumerate(closed.order_by("-closed_at", "pk")[:30]):
        message = _written(subscription, pathway)
        if place == 0:
            _wait(message, now=now)
        elif place in {7, 8, 9}:
            _lose(message)
        else:
            _receive(message)
    tell("webhooks")


def _written(subscription: WebhookSubscription, pathway: Pathway) -> WebhookMessage:
    at = pathway.closed_at
    if at is None:
        raise ValueError("a closed pathway has its instant")
    data = {"id": str(pathway.uuid), "state": pathway.state}
    return WebhookMessage.objects.create(
        subscription=subscription,
        event=uuid4(),
        kind=EventKind.PATHWAY_CLOSED,
        body=body_of(EventKind.PATHWAY_CLOSED, data, now=at),
        created_at=at,
        next_try_at=at,
    )


def _receive(message: WebhookMessage) -> None:
    at = message.created_at + timedelta(seconds=1)
    WebhookTry.objects.create(
        message=message, number=1, started_at=message.created_at, finished_at=at, status=204
    )
    message.state, message.tries = MessageState.DELIVERED, 1
    message.delivered_at, message.next_try_at = at, None
    message.save()


def _lose(message: WebhookMessage) -> None:
    _fail(message, LOST)
    message.state, message.tries, message.next_try_at = MessageState.GIVEN_UP, LOST, None
    message.save()


def _wait(message: WebhookMessage, *, now: datetime) -> None:
    """As many tries as its age has seen; the next one is near."""
    ages = accumulate(PAUSES[:-1], initial=timedelta())
    tries = sum(message.created_at + age <= now for age in ages)
    _fail(message, tries)
    message.state, message.tries = MessageState.RETRYING, tries
    message.next_try_at = now + SOON
    message.save()


def _fail(message: WebhookMessage, tries: int) -> None:
    at = message.created_at
    for number in range(1, tries + 1):
        is_silent = number % 3 == 0
        WebhookTry.objects.create(
            message=message,
            number=number,
            started_at=at,
            finished_at=at + timedelta(seconds=5 if is_silent else 1),
            status=None if is_silent else 503,
            failure=Failure.TIMEOUT if is_silent else Failure.STATUS,
        )
        at += PAUSES[min(number, len(PAUSES)) - 1]
