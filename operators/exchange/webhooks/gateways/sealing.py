"""Secrets of subscriptions, sealed under the keys that seal the notes: outside the database."""

from datetime import datetime

from cep_portal.common.encryption import Sealed, seal, unseal
from operators.exchange.webhooks.models import WebhookSubscription


def _context(subscription: WebhookSubscription) -> str:
    return f"webhook:{subscription.uuid}"


def seal_secret(subscription: WebhookSubscription, secret: str) -> None:
    """Put a secret on the row, sealed; the caller saves."""
    sealed = seal(secret, context=_context(subscription))
    subscription.key_id, subscription.sealed = sealed.key_id, sealed.data


def keep_former(subscription: WebhookSubscription, *, until: datetime) -> None:
    """The present secret becomes the former one; one that was older is forgotten. The caller saves."""
    subscription.former_key_id, subscription.former_sealed = subscription.key_id, bytes(subscription.sealed)
    subscription.former_until = until


def forget_former(subscription: WebhookSubscription) -> None:
    subscription.former_key_id, subscription.former_sealed, subscription.former_until = "", b"", None


def seal_again(subscription: WebhookSubscription) -> None:
    """Both secrets under the newest key; the caller saves."""
    present, former = _present(subscription), _former(subscription)
    seal_secret(subscription, present)
    if former:
        sealed = seal(former, context=_context(subscription))
        subscription.former_key_id, subscription.former_sealed = sealed.key_id, sealed.data


def good_secrets(subscription: WebhookSubscription, *, now: datetime) -> list[str]:
    """What signs now: the newest, and for a day after a rotation the one before it."""
    found = [_present(subscription)]
    if subscription.former_until is not None and now < subscription.former_until:
        found.append(_former(subscription))
    return found


def _present(subscription: WebhookSubscription) -> str:
    sealed = Sealed(subscription.key_id, bytes(subscription.sealed))
    return unseal(sealed, context=_context(subscription))


def _former(subscription: WebhookSubscription) -> str:
    if subscription.former_until is None:
        return ""
    sealed = Sealed(subscription.former_key_id, bytes(subscription.former_sealed))
    return unseal(sealed, context=_context(subscription))
