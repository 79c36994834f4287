from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_header_parameters
from django_htmx.http import HttpResponseClientRefresh

from cep_portal.common.place import MARK, marked_name
from cep_portal.training.gateways import clock, progress
from cep_portal.training.gateways.progress import Rebuilding

BOM = b"\xef\xbb\xbf"
MARK_LINE = f"{MARK}\r\n".encode()


def place(get_response):
    """Answer each request at the instant of the place; say so while it is rebuilt, or not yet built.

    Before the session: the tables are locked while the place is rebuilt.
    """

    def middleware(request):
        if request.path == reverse("health"):
            return get_response(request)
        rebuilding = progress.rebuilding()
        if rebuilding is None and clock.refresh():
            return get_response(request)
        return _closed(request, rebuilding)

    return middleware


def _closed(request: HttpRequest, rebuilding: Rebuilding | None) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponseClientRefresh()
    page = render(request, "training/closed.html", {"rebuilding": rebuilding}, status=503)
    page.headers["Retry-After"] = "15"
    return page


def marks(get_response):
    """Mark every file that leaves, whatever page gives it: its name, and the first line of a CSV."""

    def middleware(request):
        response = get_response(request)
        if "Content-Disposition" in response.headers:
            _mark_name(response)
        if response.headers.get("Content-Type", "").startswith("text/csv") and response.status_code == 200:
            _mark_table(response)
        return response

    return middleware


def _mark_name(response: HttpResponse) -> None:
    kind, facts = parse_header_parameters(response.headers["Content-Disposition"])
    name = marked_name(facts.get("filename", ""))
    header = content_disposition_header(as_attachment=kind == "attachment", filename=name)
    if header is not None:
        response.headers["Content-Disposition"] = header


def _mark_table(response: HttpResponse) -> None:
    if response.streaming:
        response.streaming_content = _marked_pieces(response.streaming_content)
    else:
        response.content = b"".join(_marked_pieces([response.content]))
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(int(response.headers["Content-Length"]) + len(MARK_LINE))


def _marked_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The mark after the sign of UTF-8, which a spreadsheet looks for first."""
    rest = iter(pieces)
    first = next(rest, b"")
    sign = BOM if first.startswith(BOM) else b""
    yield from chain([sign + MARK_LINE + first[len(sign) :]], rest)
