from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django gives it
    """The page shown when a form comes back without its token: nothing was saved, try again."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a failure, without context processors: what broke may be what they read."""
    page = render_to_string("500.html", {"reference": getattr(request, "reference", "")})
    return HttpResponse(page, status=500)
