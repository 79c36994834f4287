from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.template.loader import render_to_string

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.links import portal_link
from cep_portal.common.versions import Seen, check_seen
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from operators.exchange.webhooks import rules
from operators.exchange.webhooks.enums import (
    SUBSCRIPTION_TRANSITIONS,
    MessageState,
    SubscriptionState,
    Suspension,
)
from operators.exchange.webhooks.errors import SubscriptionMoved, TooManySubscriptions
from operators.exchange.webhooks.gateways import sealing, signing
from operators.exchange.webhooks.gateways.addresses import check_url
from operators.exchange.webhooks.models import WebhookSubscription

WRONG_STATE = {
    SubscriptionState.ACTIVE: "Les envois ne peuvent pas reprendre : cet abonnement n’est pas suspendu.",
    SubscriptionState.SUSPENDED: "Cet abonnement ne peut pas être suspendu : il n’est pas actif.",
    SubscriptionState.ENDED: "Cet abonnement est déjà terminé.",
}


@transaction.atomic
def subscribe(*, url: str, kinds: Sequence[str], by: User, now: datetime) -> tuple[WebhookSubscription, str]:
    """Tell a software of the manager's organisation of these events; returns the secret too, shown this once.

    Raises UrlRefused, TooManySubscriptions.
    """
    if by.mandate is None or by.mandate.organisation is None:
        raise ValueError("a manager acts for an organisation")
    organisation = by.mandate.organisation
    type(organisation).objects.select_for_update(no_key=True).get(pk=organisation.pk)
    own = WebhookSubscription.objects.filter(organisation=organisation)
    if own.exclude(state=SubscriptionState.ENDED).count() >= rules.MOST_SUBSCRIPTIONS:
        raise TooManySubscriptions(
            f"Votre organisme a déjà {rules.MOST_SUBSCRIPTIONS} abonnements : terminez-en un d’abord."
        )
    subscription = WebhookSubscription(
        organisation=organisation, url=check_url(url), kinds=sorted(kinds), created_at=now, created_by=by
    )
    secret = signing.new_secret()
    sealing.seal_secret(subscription, secret)
    subscription.save(force_insert=True)
    data = {"kinds": subscription.kinds}
    record(action="operators.webhook.created", target=subscription, by=by, data=data, now=now)
    return subscription, secret


@transaction.atomic
def change_subscription(
    *,
    subscription: WebhookSubscription,
    url: str,
    kinds: Sequence[str],
    seen: Seen | None = None,
    by: User,
    now: datetime,
) -> WebhookSubscription:
    """Another address, where what waits goes, or other events. Raises UrlRefused, SubscriptionMoved."""
    locked = _live(subscription)
    check_seen(seen, {"url": locked.url, "kinds": locked.kinds})
    locked.url, locked.kinds = check_url(url), sorted(kinds)
    locked.save(update_fields=["url", "kinds"])
    data = {"kinds": locked.kinds}
    record(action="operators.webhook.changed", target=locked, by=by, data=data, now=now)
    return locked


@transaction.atomic
def rotate_secret(
    *, subscription: WebhookSubscription, by: User, now: datetime
) -> tuple[WebhookSubscription, str]:
    """A new secret, shown this once; the former one signs beside it for a day. Raises SubscriptionMoved."""
    locked = _live(subscription)
    secret = signing.new_secret()
    sealing.keep_former(locked, until=now + rules.BOTH_SECRETS)
    sealing.seal_secret(locked, secret)
    locked.save(update_fields=["key_id", "sealed", "former_key_id", "former_sealed", "former_until"])
    record(action="operators.webhook.secret_rotated", target=locked, by=by, now=now)
    return locked, secret


@transaction.atomic
def suspend_subscription(
    *, subscription: WebhookSubscription, by: User, now: datetime
) -> WebhookSubscription:
    """Send nothing until it is resumed; what happens meanwhile is kept. Raises SubscriptionMoved."""
    locked = _locked(subscription)
    _require(locked, SubscriptionState.SUSPENDED)
    suspend(locked, Suspension.BY_MANAGER, by=by, now=now)
    return locked


def suspend(subscription: WebhookSubscription, reason: Suspension, *, by: User | None, now: datetime) -> None:
    """The row is locked and active; managers are told when the portal does it."""
    subscription.state, subscription.suspended_at = SubscriptionState.SUSPENDED, now
    subscription.suspension = reason
    subscription.save(update_fields=["state", "suspended_at", "suspension"])
    data = {"reason": str(reason)}
    record(action="operators.webhook.suspended", target=subscription, by=by, data=data, now=now)
    if by is None:
        _tell_managers(subscription, now=now)


def _tell_managers(subscription: WebhookSubscription, *, now: datetime) -> None:
    managers = Mandate.objects.active(local_day(now)).filter(
        role=Role.OPERATOR_MANAGER, organisation=subscription.organisation_id, user__is_active=True
    )
    body = render_to_string(
        "operators/exchange/webhooks/mail/suspended.txt",
        {
            "subscription": subscription,
            "link": portal_link("operators:webhook_detail", subscription.uuid),
        },
    )
    for mandate in managers.select_related("user").order_by("pk"):
        enqueue_message(
            key=f"webhook-{subscription.pk}-{now:%Y%m%d%H%M%S}-{mandate.user_id}",
            recipient=mandate.user.email,
            subject="Envois à votre logiciel suspendus",
            body=body,
            kind=MessageKind.STAFF,
            lifetime=timedelta(days=3),
            now=now,
        )


@transaction.atomic
def resume_subscription(*, subscription: WebhookSubscription, by: User, now: datetime) -> WebhookSubscription:
    """Send again, what waited first. Raises SubscriptionMoved."""
    locked = _locked(subscription)
    _require(locked, SubscriptionState.ACTIVE)
    locked.state, locked.suspended_at, locked.suspension = SubscriptionState.ACTIVE, None, ""
    locked.failing_since = None
    locked.save(update_fields=["state", "suspended_at", "suspension", "failing_since"])
    locked.messages.filter(state__in=MessageState.live).update(next_try_at=now, handed_until=None)
    record(action="operators.webhook.resumed", target=locked, by=by, now=now)
    return locked


@transaction.atomic
def end_subscription(*, subscription: WebhookSubscription, by: User, now: datetime) -> WebhookSubscription:
    """Tell nothing more: what waited is given up, the secrets are destroyed. Raises SubscriptionMoved."""
    locked = _locked(subscription)
    _require(locked, SubscriptionState.ENDED)
    locked.state, locked.ended_at = SubscriptionState.ENDED, now
    locked.suspended_at, locked.suspension, locked.failing_since = None, "", None
    locked.key_id, locked.sealed = "", b""
    sealing.forget_former(locked)
    locked.save()
    locked.messages.filter(state__in=MessageState.live).update(
        state=MessageState.GIVEN_UP, next_try_at=None, claimed_until=None
    )
    record(action="operators.webhook.ended", target=locked, by=by, now=now)
    return locked


def _locked(subscription: WebhookSubscription) -> WebhookSubscription:
    return WebhookSubscription.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.pk)


def _live(subscription: WebhookSubscription) -> WebhookSubscription:
    locked = _locked(subscription)
    if locked.is_ended:
        raise SubscriptionMoved(WRONG_STATE[SubscriptionState.ENDED])
    return locked


def _require(subscription: WebhookSubscription, target: SubscriptionState) -> None:
    if target not in SUBSCRIPTION_TRANSITIONS[SubscriptionState(subscription.state)]:
        raise SubscriptionMoved(WRONG_STATE[target])
