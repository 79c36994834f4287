from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.wording.numbers import plural
from operators.exchange.webhooks import rules, selectors, services, wording
from operators.exchange.webhooks.enums import EventKind, MessageState
from operators.exchange.webhooks.forms import ReplayForm, SubscriptionForm
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription

PER_PAGE = 50
REPLAY_DAYS = 7


@require(rules.can_manage_webhooks)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def webhook_list(request: SignedRequest) -> HttpResponse:
    """Which of our software is told of what? A new one's secret is shown this once."""
    form = SubscriptionForm(request.POST or None)
    created = secret = None
    if request.method == "POST" and form.is_valid():
        try:
            created, secret = services.subscribe(by=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            form = SubscriptionForm()
    rows = [
        {"subscription": subscription, "badge": wording.badge_of(subscription)}
        for subscription in selectors.own_subscriptions(user=request.user)
    ]
    context = {"rows": rows, "form": form, "created": created, "secret": secret}
    return render(request, "operators/exchange/webhooks/webhook_list.html", context)


@require(rules.can_manage_webhooks)
@require_safe
def webhook_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What was sent there, what came back, and what must be sent again?"""
    subscription = _subscription(request, uuid)
    state = request.GET.get("etat", "")
    state = state if state in MessageState.values else ""
    paginator = Paginator(selectors.message_list(subscription=subscription, state=state), PER_PAGE)
    page, now = paginator.get_page(request.GET.get("page")), timezone.now()
    context = {
        "subscription": subscription,
        "badge": wording.badge_of(subscription),
        "kinds": ", ".join(EventKind(kind).label for kind in subscription.kinds),
        "both_until": subscription.former_until
        if subscription.former_until and subscription.former_until > now
        else None,
        "filters": wording.filters(request.path, state, selectors.state_counts(subscription=subscription)),
        "page": page,
        "rows": [wording.row_of(message) for message in page.object_list],
        "form": ReplayForm(initial={"since": local_day(now) - timedelta(days=REPLAY_DAYS)}),
    }
    return render(request, "operators/exchange/webhooks/webhook_detail.html", context)


def _subscription(request: SignedRequest, uuid: UUID) -> WebhookSubscription:
    return get_object_or_404(WebhookSubscription.objects.visible_to(request.user), uuid=uuid)


@require(rules.can_manage_webhooks)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_change(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Another address, other events, or the end?"""
    subscription = _subscription(request, uuid)
    form = SubscriptionForm(
        request.POST or None, present={"url": subscription.url, "kinds": subscription.kinds}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_subscription(
                subscription=subscription,
                seen=form.as_seen(),
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’abonnement est modifié.")
            return _back(subscription)
    context = {"subscription": subscription, "form": form}
    return render(request, "operators/exchange/webhooks/webhook_change.html", context)


@require(rules.can_manage_webhooks)
@require_POST
def webhook_secret(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """A new secret, shown this once; the former one signs for a day more."""
    subscription = _subscription(request, uuid)
    try:
        rotated, secret = services.rotate_secret(
            subscription=subscription, by=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return _back(subscription)
    context = {"subscription": rotated, "secret": secret}
    return render(request, "operators/exchange/webhooks/webhook_secret.html", context)


@require(rules.can_manage_webhooks)
@require_POST
@sent_once
def webhook_test(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Does it answer?"""
    done = "Essai envoyé. Sa réponse paraît ci-dessous : rechargez la page dans quelques secondes."
    return _act(request, uuid, services.send_test, done)


@require(rules.can_manage_webhooks)
@require_POST
def webhook_suspend(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Stop for a while, without losing anything."""
    return _act(request, uuid, services.suspend_subscription, "Les envois sont suspendus.")


@require(rules.can_manage_webhooks)
@require_POST
def webhook_resume(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Start again, what waited first."""
    return _act(request, uuid, services.resume_subscription, "Les envois reprennent : ce qui attendait part.")


@require(rules.can_manage_webhooks)
@require_POST
@sent_once
def webhook_end(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Stop for good."""
    return _act(request, uuid, services.end_subscription, "L’abonnement est terminé.")


@require(rules.can_manage_webhooks)
@require_POST
def webhook_replay_all(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Send again all that was given up since a day."""
    subscription = _subscription(request, uuid)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["since"][0]))
        return _back(subscription)
    try:
        count = services.replay_given_up(
            subscription=subscription, since=form.since_instant(), by=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{count} message{plural(count)} à renvoyer.")
    return _back(subscription)


@require(rules.can_manage_webhooks)
@require_POST
def webhook_replay(request: SignedRequest, uuid: UUID, event: Any) -> HttpResponse:
    """Send one message again, with its identifier."""
    subscription = _subscription(request, uuid)
    message = get_object_or_404(
        WebhookMessage.objects.select_related("subscription"), subscription=subscription, event=event
    )
    try:
        services.replay_message(message=message, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le message repart, avec le même identifiant.")
    return _back(subscription)


def _act(request: SignedRequest, uuid: UUID, service: Callable, done: str) -> HttpResponse:
    subscription = _subscription(request, uuid)
    try:
        service(subscription=subscription, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _back(subscription)


def _back(subscription: WebhookSubscription) -> HttpResponse:
    return redirect(reverse("operators:webhook_detail", args=[subscription.uuid]))
