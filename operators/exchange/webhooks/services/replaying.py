from datetime import datetime

from django.db import transaction
from django.db.models import F

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.exchange.webhooks.enums import MessageState
from operators.exchange.webhooks.errors import MessageNotOver, SubscriptionMoved
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription

ENDED = "Cet abonnement est terminé : rien ne peut en partir."


@transaction.atomic
def replay_message(*, message: WebhookMessage, by: User, now: datetime) -> WebhookMessage:
    """Send again a message that was received or given up: same identifier, same body, a new row of tries.

    Raises MessageNotOver when it is still on its way, SubscriptionMoved when the subscription is over.
    """
    subscription = _locked(message.subscription)
    again = WebhookMessage.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
    if not again.is_over:
        raise MessageNotOver("Ce message est encore en route.")
    _reopen([again.pk], now=now)
    record(
        action="operators.webhook.replayed",
        target=subscription,
        by=by,
        data={"event": str(again.event)},
        now=now,
    )
    later(TaskName.SEND_WEBHOOK, message_id=again.pk)
    again.refresh_from_db()
    return again


@transaction.atomic
def replay_given_up(*, subscription: WebhookSubscription, since: datetime, by: User, now: datetime) -> int:
    """Send again every message of facts since an instant that was given up; returns how many.

    The sweep takes them a part at a time. Raises SubscriptionMoved when the subscription is over.
    """
    locked = _locked(subscription)
    lost = locked.messages.select_for_update(of=("self",), no_key=True).filter(
        state=MessageState.GIVEN_UP, created_at__gte=since
    )
    pks = list(lost.order_by("pk").values_list("pk", flat=True))
    _reopen(pks, now=now)
    data = {"since": since.isoformat(), "messages": len(pks)}
    record(action="operators.webhook.replayed", target=locked, by=by, data=data, now=now)
    return len(pks)


def _locked(subscription: WebhookSubscription) -> WebhookSubscription:
    locked = WebhookSubscription.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.pk)
    if locked.is_ended:
        raise SubscriptionMoved(ENDED)
    return locked


def _reopen(pks: list[int], *, now: datetime) -> None:
    WebhookMessage.objects.filter(pk__in=pks).update(
        state=MessageState.PENDING,
        next_try_at=now,
        handed_until=None,
        delivered_at=None,
        tries_before=F("tries"),
    )
