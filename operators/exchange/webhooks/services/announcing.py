"""The outbox: a message for each subscription that follows an event, in the transaction of the fact."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.compiled import prepared
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.exchange.webhooks.enums import EventKind, MessageState, SubscriptionState
from operators.exchange.webhooks.errors import SubscriptionMoved
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription

NAMESPACE = uuid.UUID("6f1d4f0c-4c2c-5a0b-9d0a-3f1f7c1f5a40")
# One statement for whoever is told, from a site, a contract or an operator: most facts have no follower.
# A suspended subscription keeps what happens for when it is resumed; a failing one waits for the sweep.
ANNOUNCE = """
    WITH told AS (
        SELECT id, state, failing_since FROM operators_webhooksubscription
        WHERE state <> 'ENDED' AND %(kind)s = ANY(kinds) AND organisation_id = COALESCE(
            %(organisation)s::bigint,
            (SELECT holder_id FROM procurement_contract WHERE id = COALESCE(
                %(contract)s::bigint, (SELECT contract_id FROM operators_site WHERE id = %(site)s::bigint)
            ))
        )
    ), written AS (
        INSERT INTO operators_webhookmessage
            (subscription_id, event, kind, body, state, created_at, next_try_at, tries, tries_before)
        SELECT id, %(event)s, %(kind)s, %(body)s, 'PENDING', %(now)s, %(now)s, 0, 0 FROM told
        ON CONFLICT (subscription_id, event) DO NOTHING
        RETURNING id, subscription_id
    )
    SELECT written.id FROM written JOIN told ON told.id = written.subscription_id
    WHERE told.state = 'ACTIVE' AND told.failing_since IS NULL
"""


@transaction.atomic(savepoint=False)
def announce(
    *,
    kind: EventKind,
    data: Mapping[str, object],
    now: datetime,
    site_id: int | None = None,
    contract_id: int | None = None,
    organisation_id: int | None = None,
) -> None:
    """Write an event for the software of an operator, named by a site, a contract or itself.

    `data` holds identifiers and states, never a name, a contact or a word that somebody wrote. The same fact
    told twice in one act is one event.
    """
    facts: dict[str, str | int | datetime | uuid.UUID | None] = {
        "kind": str(kind),
        "event": _event_id(kind, data, now),
        "body": body_of(kind, data, now=now),
        "now": now,
        "site": site_id,
        "contract": contract_id,
        "organisation": organisation_id,
    }
    with prepared() as cursor:
        cursor.execute(ANNOUNCE, facts)
        written = [pk for (pk,) in cursor.fetchall()]
    for pk in written:
        later(TaskName.SEND_WEBHOOK, message_id=pk)


def _event_id(kind: EventKind, data: Mapping[str, object], now: datetime) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, body_of(kind, data, now=now))


def body_of(kind: EventKind, data: Mapping[str, object], *, now: datetime) -> str:
    """The very text that is signed and sent."""
    body = {"type": kind.name_on_wire, "timestamp": now.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


@transaction.atomic
def send_test(*, subscription: WebhookSubscription, by: User, now: datetime) -> WebhookMessage:
    """Send a message that means nothing, once. Raises SubscriptionMoved when nothing may be sent."""
    locked = WebhookSubscription.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.pk)
    if locked.state != SubscriptionState.ACTIVE:
        raise SubscriptionMoved("Reprenez d’abord les envois : rien ne part d’un abonnement suspendu.")
    event = uuid.uuid4()
    message = WebhookMessage.objects.create(
        subscription=locked,
        event=event,
        kind=EventKind.TEST,
        body=body_of(EventKind.TEST, {"id": str(event)}, now=now),
        state=MessageState.PENDING,
        created_at=now,
        next_try_at=now,
    )
    record(action="operators.webhook.tested", target=locked, by=by, now=now)
    later(TaskName.SEND_WEBHOOK, message_id=message.pk)
    return message
