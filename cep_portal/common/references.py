"""A number that names one request, on the page of a refusal or a failure and in the server's journal."""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
HEADER = "X-Request-ID"

_current: ContextVar[str] = ContextVar("reference", default="-")


def new_reference() -> str:
    """Eight signs that people read aloud without a slip: ABCD-2345; random, so it tells nothing."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def reference_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Name the request before anything may refuse it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        reference = request.reference = new_reference()  # type: ignore[attr-defined]  # read by the pages
        token = _current.set(reference)
        try:
            response = get_response(request)
        finally:
            _current.reset(token)
        response.headers[HEADER] = reference
        return response

    return middleware


class ReferenceFilter(logging.Filter):
    """Add the reference of the request under way to each line of the journal; « - » outside requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = getattr(getattr(record, "request", None), "reference", _current.get())
        return True
