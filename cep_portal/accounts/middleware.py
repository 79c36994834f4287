from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.selectors import active_mandates

SESSION_KEY = "mandate"


def mandate(get_response):
    """Attach the mandate of this request to the user: read anew each time, so a removal acts at once."""

    def middleware(request):
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


def second_factor(get_response):
    """Agents without TOTP or passkey may only enrol one (trust.md, D39); the demonstration turns it off."""

    def middleware(request):
        if settings.PORTAL_SECOND_FACTOR_REQUIRED and _must_enrol(request):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _must_enrol(request) -> bool:
    user = request.user
    if not user.is_authenticated or user.role not in Role.agents:
        return False
    if request.path.startswith((reverse("mfa_index"), reverse("account_logout"))):
        return False
    if request.path == reverse("account_reauthenticate"):
        return False
    return not user.authenticator_set.exclude(type="recovery_codes").exists()
