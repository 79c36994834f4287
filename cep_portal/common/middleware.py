from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.shortcuts import redirect
from django.urls import reverse

from cep_portal.common.errors import Detour
from cep_portal.common.refusals import as_problem, body_refused, is_api
from cep_portal.common.wording.typography import spaced_page

PAGE = "text/html"


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Headers that Django has no setting for; signed-in pages are never stored by a cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        elif request.method == "POST" and request.path == reverse("account_logout"):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def api_problems(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Below /api/, whatever refused a call, a program reads a problem, and no POST becomes a GET."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return as_problem(request, response) if is_api(request) else response

    return middleware


class AddedSlash(CommonMiddleware):
    """A page asked for without its last slash is found; a form sent so is not: a redirect would lose it."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)


def refused_body(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say why a body was not received: cep_portal.serving refused it, and nothing of it is here."""

    def middleware(request: HttpRequest) -> HttpResponse:
        status = request.META.get("portal.refusal")
        return get_response(request) if status is None else body_refused(request, status)

    return middleware


def no_break_spaces(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Marks and units never leave their word, in templates and in sentences of the code alike (ADR 0052)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith(PAGE)
        if settings.PORTAL_TYPOGRAPHY and is_page and not response.streaming:
            page = response.content.decode(response.charset)
            response.content = spaced_page(page).encode(response.charset)
            if "Content-Length" in response.headers:  # of the page as it was: CommonMiddleware is below
                response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def no_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """An address with a NUL leads nowhere: no text holds one, and PostgreSQL fails on it.

    The API reads each value through a field that refuses it, and says which one.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_asked = "%00" in request.META.get("QUERY_STRING", "") and not is_api(request)
        if is_asked or "\0" in request.path:
            raise Http404
        return get_response(request)

    return middleware


class Detours:
    """A page that cannot be shown leads to the one that says why (`errors.Detour`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # noqa: ARG002 -- Django's signature
        return redirect(exception.to) if isinstance(exception, Detour) else None
