from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from cep_portal.common.middleware import API


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django gives it
    """The page shown when a form comes back without its token: nothing was saved, try again."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of an address that leads nowhere; a program reads a problem instead."""
    if request.path.startswith(API):
        return _problem(404, "not_found", "Introuvable", "Cette adresse n’existe pas.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a failure, without context processors: what broke may be what they read."""
    reference = getattr(request, "reference", "")
    if request.path.startswith(API):
        detail = f"Le portail est en panne ; donnez cette référence à l’assistance : {reference}"
        return _problem(500, "server_error", "Panne", detail)
    page = render_to_string("500.html", {"reference": reference})
    return HttpResponse(page, status=500)


def _problem(code: int, kind: str, title: str, detail: str) -> HttpResponse:
    """What cep_portal.common.problems says, where no view of the API was reached."""
    facts = {"type": f"urn:mon-cep:{kind}", "title": title, "status": code, "detail": detail}
    return JsonResponse(facts, status=code, content_type="application/problem+json")
