"""Who may call a view is declared on the view; tests/access refuses a URL without a declaration."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

PUBLIC = "public"
SIGNED_IN = "signed in"
TOKEN = "token"  # noqa: S105 -- a software of an operator, see operators.exchange.software.api.endpoints


class Detour(Exception):
    """Raised inside a view that `require` guards: it answers with `response` instead."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Anybody may call the view, signed in or not."""
    view = login_not_required(view)
    view.access = PUBLIC  # type: ignore[attr-defined]  # read by tests/access
    return view


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Any signed-in person may call the view, whatever the mandate."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]  # read by tests/access
    return view


def require(rule: Callable) -> Callable:
    """Only signed-in people for whom `rule(user)` holds; others get the 403 page. A Detour is followed."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rule(request.user):
                raise PermissionDenied
            try:
                return view(request, *args, **kwargs)
            except Detour as detour:
                return detour.response

        guarded.access = rule  # type: ignore[attr-defined]  # read by tests/access
        return guarded

    return decorate
