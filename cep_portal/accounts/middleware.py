from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import SignedRequest, User
from cep_portal.accounts.rules import is_page
from cep_portal.accounts.selectors import active_mandates, draft_paths, draft_typed
from cep_portal.accounts.services import drop_draft, follow_session, keep_draft
from cep_portal.common import drafts
from cep_portal.common.retention import DELAYS
from cep_portal.common.to_do import forget_count
from cep_portal.common.undo import forget_undo, is_undo

SESSION_KEY = "mandate"
SEEN_KEY = "seen"
DRAFTS_KEY = "drafts"
DRAFT_SALT = "accounts.draft"
SENT = 302
GIVEN_BACK = "Votre connexion s’était fermée. Votre texte est revenu : relisez-le, puis enregistrez-le."
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
        if request.method == "POST" and user.is_authenticated and is_undo(request):
            forget_undo(request)
        response = get_response(request)
        if request.method == "POST" and user.is_authenticated and user.mandate:
            forget_count(user)  # an act changes what is left to do
        return response

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


class Drafts:
    """A long text survives the end of its session (ADR 0058), before sign-in is asked for.

    Each page of a signed-in person signs its long texts for their account. Sent once the session is over,
    they are sealed for that account, and given back on the same page after sign-in. Nothing is kept of who is
    unknown.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        path, now = request.get_full_path(), timezone.now()
        waits = path in request.session.get(DRAFTS_KEY, ())
        values = {}
        if waits and request.method == "GET":
            values = draft_typed(user=request.user, path=path, now=now)
        token = signing.dumps([request.user.pk, path], salt=DRAFT_SALT)
        with drafts.drawing(drafts.Typed(token, values)):
            response = self.get_response(request)
        if waits and request.method == "POST" and response.status_code == SENT:
            drop_draft(user=request.user, path=path)
            request.session[DRAFTS_KEY] = [kept for kept in request.session[DRAFTS_KEY] if kept != path]
        return response

    def process_view(self, request: Any, view: Any, *_given: object) -> HttpResponse | None:
        if request.user.is_authenticated:
            if request.method == "GET" and request.get_full_path() in request.session.get(DRAFTS_KEY, ()):
                messages.info(request, GIVEN_BACK)
            return None
        if request.method != "POST" or not getattr(view, "login_required", True):
            return None
        path = self._kept(request)
        return redirect_to_login(path, reverse(settings.LOGIN_URL)) if path else None

    def _kept(self, request: HttpRequest) -> str:
        """The page to come back to, its text sealed; empty for a form that no account of ours was given."""
        age = DELAYS["draft"].duration
        try:
            key, path = signing.loads(request.POST.get(drafts.FIELD, ""), salt=DRAFT_SALT, max_age=age)
        except signing.BadSignature:
            return ""
        user = User.objects.filter(pk=key).first()
        if user is None or not is_page(path):
            return ""
        unkept = {drafts.FIELD, "csrfmiddlewaretoken"}
        values = {name: texts for name, texts in request.POST.lists() if name not in unkept}
        keep_draft(user=user, path=path, values=values, now=timezone.now())
        return path


def find_drafts(request: SignedRequest, user: User, **_signal: object) -> None:
    """The receiver of `user_logged_in`: which pages have words to give back."""
    if paths := draft_paths(user=user, now=timezone.now()):
        request.session[DRAFTS_KEY] = paths
