from dataclasses import dataclass

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from cep_portal.accounts.models import User
from operators.exchange.webhooks.enums import MessageState, SubscriptionState
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription, WebhookTry

GIVEN_UP = Count("messages", filter=Q(messages__state=MessageState.GIVEN_UP))


def own_subscriptions(*, user: User) -> QuerySet[WebhookSubscription]:
    """Those of a manager's organisation, the ended ones last, with what was given up and last received."""
    own = WebhookSubscription.objects.visible_to(user).annotate(
        given_up=GIVEN_UP,
        live=Count("messages", filter=Q(messages__state__in=MessageState.live)),
        last_delivered_at=Max("messages__delivered_at"),
    )
    return own.order_by("ended_at", "created_at", "pk")


def message_list(*, subscription: WebhookSubscription, state: str = "") -> QuerySet[WebhookMessage]:
    """The messages of a subscription with their tries, the latest fact first."""
    messages = subscription.messages.prefetch_related(
        Prefetch("attempts", WebhookTry.objects.order_by("number", "pk"))
    )
    webhook_messages = messages.filter(state=state) if state else messages
    return webhook_messages.order_by("-created_at", "-pk")


def state_counts(*, subscription: WebhookSubscription) -> dict[str, int]:
    counts = subscription.messages.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(MessageState.values, 0) | dict(counts)


@dataclass(frozen=True)
class Health:
    """What a manager must know of the organisation's subscriptions at a glance."""

    subscriptions: int
    suspended: int
    failing: int
    given_up: int
    live: int


def health(*, user: User) -> Health:
    """One query; nothing is counted of what ended."""
    own = WebhookSubscription.objects.visible_to(user).exclude(state=SubscriptionState.ENDED)
    suspended = Q(state=SubscriptionState.SUSPENDED)
    found = own.aggregate(
        subscriptions=Count("pk", distinct=True),
        suspended=Count("pk", filter=suspended, distinct=True),
        failing=Count("pk", filter=Q(failing_since__isnull=False) & ~suspended, distinct=True),
        given_up=GIVEN_UP,
        live=Count("messages", filter=Q(messages__state__in=MessageState.live)),
    )
    return Health(**found)
