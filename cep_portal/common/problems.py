"""Refusals of the API as application/problem+json (RFC 9457): what happened, in French, and where."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from cep_portal.common.errors import DomainError

TITLES = {
    400: "Demande illisible",
    401: "Jeton absent, périmé ou révoqué",
    403: "Droit manquant",
    404: "Introuvable",
    405: "Méthode refusée",
    406: "Format de réponse inconnu",
    409: "Refusé",
    415: "Format de demande inconnu",
    422: "Valeurs à corriger",
    429: "Trop d’appels",
}


def problem(code: int, *, kind: str, detail: str, headers: Any = None, **more: Any) -> Response:
    """One refusal: `kind` is stable and for programs, `detail` is a sentence for people."""
    facts = {
        "type": f"urn:mon-cep:{kind}",
        "title": TITLES.get(code, "Erreur"),
        "status": code,
        "detail": detail,
        **more,
    }
    return Response(facts, status=code, headers=headers, content_type="application/problem+json")


def handle(error: Exception, context: dict) -> Response | None:
    """The EXCEPTION_HANDLER of the API; what it does not know becomes the 500 of the server."""
    if isinstance(error, DomainError):
        return problem(status.HTTP_409_CONFLICT, kind=error.code, detail=str(error))
    if isinstance(error, exceptions.ValidationError):
        wrong = [
            {"field": field, "message": str(text)} for field, texts in _flat(error.detail) for text in texts
        ]
        return problem(422, kind="invalid", detail="Corrigez les valeurs signalées.", errors=wrong)
    if isinstance(error, Http404):
        error = exceptions.NotFound("Cet objet n’existe pas, ou n’est pas le vôtre.")
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied("Cet appel n’est pas admis.")
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    headers = {name: response[name] for name in ("WWW-Authenticate", "Retry-After") if name in response}
    kind = str(error.get_codes()) if isinstance(error.get_codes(), str) else "refused"
    return problem(response.status_code, kind=kind, detail=str(error.detail), headers=headers)


def _flat(detail: Any, path: str = "") -> Any:
    """« person.email » for what is nested."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif detail and isinstance(detail[0], dict):
        for place, inner in enumerate(detail):
            yield from _flat(inner, f"{path}[{place}]")
    else:
        yield path, detail
