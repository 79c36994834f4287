"""Who may call a view is declared on the view; tests/access refuses a URL without a declaration."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied

PUBLIC = "public"
SIGNED_IN = "signed in"
TOKEN = "token"  # noqa: S105 -- a software of an operator, see operators.software.endpoints


def public(view):
    """Anybody may call the view, signed in or not."""
    view = login_not_required(view)
    view.access = PUBLIC
    return view


def signed_in(view):
    """Any signed-in person may call the view, whatever the mandate."""
    view.access = SIGNED_IN
    return view


def require(rule: Callable) -> Callable:
    """Only signed-in people for whom `rule(user)` holds; others get the 403 page."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not rule(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = rule  # type: ignore[attr-defined]  # read by tests/access
        return guarded

    return decorate
