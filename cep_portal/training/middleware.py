from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRefresh

from cep_portal.training.gateways import clock, progress
from cep_portal.training.gateways.progress import Rebuilding


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
