"""Refusals of the API as application/problem+json (RFC 9457): what happened, in French, and where."""

from collections.abc import Iterable
from json import JSONDecodeError
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from cep_portal.common.api_errors import named
from cep_portal.common.errors import DomainError

TITLES = {
    400: "Demande illisible",
    401: "Jeton absent, périmé ou révoqué",
    403: "Droit manquant",
    404: "Introuvable",
    405: "Méthode refusée",
    406: "Format de réponse inconnu",
    409: "Refusé",
    413: "Envoi trop lourd",
    415: "Format de demande inconnu",
    422: "Valeurs à corriger",
    429: "Trop d’appels",
}


NOT_JSON = "Le corps n’est pas du JSON bien formé (ligne {0.lineno}, colonne {0.colno})."


class UnknownNames(exceptions.APIException):
    """A field or a parameter that nothing reads: most often misspelt, and then not the act that was meant."""

    status_code = 400

    def __init__(self, names: Iterable[str], *, known: Iterable[str], what: str) -> None:
        """`names` as `person.email` for what is nested; `what` is « champ » or « paramètre »."""
        names = sorted(names)
        read_here = ", ".join(sorted(known)) or "aucun"
        message = f"Ce {what} n’existe pas ici. Ceux qui sont lus : {read_here}."
        self.errors = [{"field": name, "message": message} for name in names]
        super().__init__(f"Rien n’a été fait : {what} inconnu, {', '.join(names)}.", code="unknown_name")


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
        return problem(status.HTTP_409_CONFLICT, kind=error.code, detail=str(error), **error.told)
    if isinstance(error, UnknownNames):
        return problem(400, kind="unknown_name", detail=str(error), errors=error.errors)
    if isinstance(error, exceptions.ValidationError):
        wrong = [
            {"field": field, "message": named(field, str(text))}
            for field, texts in _flat(error.detail)
            for text in texts
        ]
        return problem(422, kind="invalid", detail="Corrigez les valeurs signalées.", errors=wrong)
    if isinstance(error, Http404):
        error = exceptions.NotFound("Cet objet n’existe pas, ou n’est pas le vôtre.")
    if isinstance(error, RequestDataTooBig):
        return problem(413, kind="too_large", detail="Votre envoi dépasse ce que cette adresse accepte.")
    if isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError("Cette demande ne se lit pas.")
    if isinstance(error, exceptions.ParseError) and isinstance(error.__context__, JSONDecodeError):
        error = exceptions.ParseError(NOT_JSON.format(error.__context__))
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied("Cet appel n’est pas admis.")
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    headers = {name: response[name] for name in ("WWW-Authenticate", "Retry-After") if name in response}
    headers |= getattr(error, "headers", {})
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
