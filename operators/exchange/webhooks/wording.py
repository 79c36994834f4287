"""What pages say of subscriptions and of their messages."""

from operators.exchange.webhooks.enums import EventKind, MessageState, SubscriptionState
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription

BADGES = {
    MessageState.PENDING: "info",
    MessageState.RETRYING: "warning",
    MessageState.DELIVERED: "success",
    MessageState.GIVEN_UP: "error",
}


def badge_of(subscription: WebhookSubscription) -> dict[str, str]:
    if subscription.is_active and subscription.failing_since is not None:
        return {"label": "en échec", "kind": "error"}
    kinds = {SubscriptionState.ACTIVE: "success", SubscriptionState.SUSPENDED: "warning"}
    kind = kinds.get(SubscriptionState(subscription.state), "neutral")
    return {"label": subscription.get_state_display(), "kind": kind}


def filters(path: str, state: str, counts: dict[str, int]) -> list[dict]:
    """Links to the messages of each state, and to all."""
    items = [{"label": "Tous", "url": path, "current": not state, "count": sum(counts.values())}]
    for value, label in MessageState.choices:
        url = f"{path}?etat={value}"
        items.append(
            {"label": label.capitalize(), "url": url, "current": state == value, "count": counts[value]}
        )
    return [{"label": "État", "items": items}]


def row_of(message: WebhookMessage) -> dict:
    """A message with what came of its tries, read from what was prefetched."""
    tries = list(message.attempts.all())
    return {
        "message": message,
        "kind": EventKind(message.kind),
        "badge_kind": BADGES[MessageState(message.state)],
        "last": tries[-1] if tries else None,
        "tries": tries,
    }
