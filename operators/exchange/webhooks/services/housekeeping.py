from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from cep_portal.common import encryption
from operators.exchange.webhooks.enums import SubscriptionState
from operators.exchange.webhooks.gateways import sealing
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription

BATCH = 1_000


def forget_webhooks(*, now: datetime) -> int:
    """Delete messages PORTAL_WEBHOOK_DAYS old with their tries, and former secrets over; how many."""
    WebhookSubscription.objects.filter(former_until__lte=now).update(
        former_key_id="", former_sealed=b"", former_until=None
    )
    old = WebhookMessage.objects.filter(created_at__lt=now - timedelta(days=settings.PORTAL_WEBHOOK_DAYS))
    count = 0
    while some := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        WebhookMessage.objects.filter(pk__in=some).delete()
        count += len(some)
    return count


@transaction.atomic
def seal_secrets_again() -> int:
    """Seal under the newest key what an older one seals; how many subscriptions. Safe to run twice."""
    present = encryption.present_key_id()
    older = ~Q(key_id=present) | (~Q(former_key_id="") & ~Q(former_key_id=present))
    rows = WebhookSubscription.objects.select_for_update(of=("self",), no_key=True)
    subscriptions = list(rows.exclude(state=SubscriptionState.ENDED).filter(older).order_by("pk"))
    for subscription in subscriptions:
        sealing.seal_again(subscription)
    WebhookSubscription.objects.bulk_update(
        subscriptions, ["key_id", "sealed", "former_key_id", "former_sealed"]
    )
    return len(subscriptions)
