import sys

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, is_valid_path, resolve
from django.views import defaults

from cep_portal.common.links import LostLink

API = "/api/"
PROBLEM = "application/problem+json"
TOLD = {  # of what was refused before any view of the API could say why
    400: (
        "bad_request",
        "Demande illisible",
        "Cette demande ne se lit pas : vérifiez son adresse et ses en-têtes.",
    ),
    403: ("permission_denied", "Droit manquant", "Cet appel n’est pas admis."),
    404: ("not_found", "Introuvable", "Cette adresse n’existe pas."),
    405: ("method_not_allowed", "Méthode refusée", "Cette adresse n’admet pas cette méthode."),
    413: ("too_large", "Envoi trop lourd", "Votre envoi dépasse ce que cette adresse accepte."),
    429: ("throttled", "Trop d’appels", "Trop d’appels : attendez le délai donné par Retry-After."),
    500: ("server_error", "Panne", "Le portail est en panne."),
    503: ("unavailable", "Indisponible", "Le portail est momentanément indisponible."),
}
RETRY_SECONDS = 5
BODIES = {
    408: (
        "too_slow",
        "Envoi trop lent",
        "Nous n’avons pas reçu votre envoi en entier : la connexion est trop lente.",
    ),
    413: ("too_large", "Envoi trop lourd", "Votre envoi dépasse ce que cette page accepte."),
    503: ("busy", "Service très demandé", "Trop d’envois arrivent en même temps."),
}


def is_api(request: HttpRequest) -> bool:
    return f"{request.path}/".startswith(API)


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, or the problem that says it: a refusal made by a layer that only knows pages, and a
    redirect of what is not a reading, which would come back as a GET without its body.
    """
    if 300 <= response.status_code < 400 and request.method not in ("GET", "HEAD") and "Location" in response:
        detail = f"Rien n’a été fait : appelez {response['Location']}, sans redirection."
        return _problem(400, "moved", "Demande illisible", detail)
    is_told = response.headers.get("Content-Type", "").startswith((PROBLEM, "application/json"))
    if response.status_code < 400 or is_told:
        return response
    if response.status_code == 404:
        return _nowhere(request)
    kind, title, detail = TOLD.get(response.status_code, TOLD[400])
    told = _problem(response.status_code, kind, title, detail)
    for name in {"Allow", "Retry-After", "WWW-Authenticate", "Connection"} & set(response.headers):
        told[name] = response[name]
    return told


def _nowhere(request: HttpRequest) -> HttpResponse:
    """404; who forgot the last slash reads the whole address."""
    if not request.path.endswith("/") and is_valid_path(f"{request.path_info}/"):
        detail = f"Rien n’a été fait. Cette adresse finit par une barre oblique : {request.path}/"
        return _problem(404, "slash_missing", "Introuvable", detail)
    return _problem(404, *TOLD[404])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django gives it
    """The page shown when a form comes back without its token: nothing was saved, try again."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of an address that leads nowhere; a program reads a problem instead."""
    if is_api(request):
        return _nowhere(request)
    if isinstance(exception, LostLink):
        return render(request, "lost_link.html", exception.context, status=404)
    return defaults.page_not_found(request, exception)


def body_refused(request: HttpRequest, status: int) -> HttpResponse:
    """408, 413 or 503: the body was not received; the line is closed, as its rest may still come."""
    kind, title, detail = BODIES[status]
    if is_api(request):
        response = _problem(status, kind, title, f"{detail} Rien n’a été enregistré.")
    else:
        context = {"title": title, "detail": detail, "reference": getattr(request, "reference", "")}
        response = HttpResponse(render_to_string("refused.html", context), status=status)
    response["Connection"] = "close"
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a failure, without context processors: what broke may be what they read."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _database_away(request)
    reference = getattr(request, "reference", "")
    if is_api(request):
        detail = f"Le portail est en panne ; donnez cette référence à l’assistance : {reference}"
        return _problem(500, "server_error", "Panne", detail)
    page = render_to_string("500.html", {"reference": reference})
    return HttpResponse(page, status=500)


def _database_away(request: HttpRequest) -> HttpResponse:
    """The page itself where it needs no data (`without_data`), as a visitor sees it; else a 503.

    Nobody is signed in meanwhile: who it is stands in the database.
    """
    request.session = _Unread(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = AnonymousUser()
    request.mandates = []  # type: ignore[attr-defined]  # read by the frame of every page
    try:
        view, given, named = resolve(request.path_info)
    except Resolver404:
        view = None
    if view is not None and request.method in ("GET", "HEAD") and getattr(view, "without_data", False):
        return view(request, *given, **named)
    reference = getattr(request, "reference", "")
    detail = "Le portail est momentanément indisponible. Réessayez dans quelques secondes."
    if is_api(request):
        response = _problem(503, "unavailable", "Indisponible", detail)
    else:
        response = HttpResponse(render_to_string("503.html", {"reference": reference}), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


class _Unread(SessionBase):
    """A session that could not be read: it shows nothing, is not saved, and its cookie stays."""

    def load(self) -> dict:
        return {}


def _problem(code: int, kind: str, title: str, detail: str) -> HttpResponse:
    """What cep_portal.common.problems says, where no view of the API was reached."""
    facts = {"type": f"urn:mon-cep:{kind}", "title": title, "status": code, "detail": detail}
    return JsonResponse(facts, status=code, content_type=PROBLEM)
