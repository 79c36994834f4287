from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import SignedRequest, User
from cep_portal.accounts.selectors import active_mandates
from cep_portal.accounts.services import follow_session

SESSION_KEY = "mandate"
SEEN_KEY = "seen"
SEEN_EVERY = 900  # seconds: a page costs no write, but one in a quarter of an hour


def mandate(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Attach the mandate of this request to the user: read anew each time, so a removal acts at once."""

    def middleware(request: Any) -> HttpResponse:
        user = request.user
        request.mandates = []
        if user.is_authenticated:
            request.mandates = list(active_mandates(user=user, on=timezone.localdate()))
            chosen = request.session.get(SESSION_KEY)
            user.mandate = next(
                (one for one in request.mandates if one.pk == chosen),
                request.mandates[0] if request.mandates else None,
            )
        else:
            user.mandate = user.role = None
        return get_response(request)

    return middleware


def second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Agents without TOTP or passkey may only enrol one (ASVS 6.3.3); the demonstration turns it off."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.PORTAL_SECOND_FACTOR_REQUIRED and _must_enrol(request):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _must_enrol(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or user.role not in Role.agents:
        return False
    if request.path.startswith((reverse("mfa_index"), reverse("account_logout"))):
        return False
    if request.path == reverse("account_reauthenticate"):
        return False
    return not user.authenticator_set.exclude(type="recovery_codes").exists()  # type: ignore[attr-defined]  # of allauth


def browser_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep the list of a person's browsers true: when each was last seen, and its key when it changed."""

    def middleware(request: Any) -> HttpResponse:
        if request.user.is_authenticated:
            key, seen = request.session.get(SEEN_KEY, ("", 0))
            if key != request.session.session_key or timezone.now().timestamp() - seen > SEEN_EVERY:
                see_session(request)
        return get_response(request)

    return middleware


def see_session(request: SignedRequest, user: User | None = None, **_signal: object) -> None:
    """Also the receiver of `user_logged_in`: the list shows the browser from the first page on."""
    now = timezone.now()
    user_agent = request.META.get("HTTP_USER_AGENT", "")
    if request.session.session_key is None:
        request.session.save()  # signing in over somebody else's session flushes it: no key yet
    key = request.session.session_key
    follow_session(user=user or request.user, key=key, user_agent=user_agent, now=now)  # type: ignore[arg-type]  # the page asked for it before
    request.session[SEEN_KEY] = (key, now.timestamp())
