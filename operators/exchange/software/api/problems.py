"""The refusals that say more than a sentence, or say it as OAuth does."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from rest_framework import exceptions
from rest_framework.response import Response

from cep_portal.common.problems import UnknownNames, handle, problem
from operators.booking.agenda.errors import SlotTaken
from operators.exchange.software.serializers.places import slot_out

# RFC 6749 §5.2 takes printable ASCII alone in a description: these sentences have no accent to lose.
SAID = {
    "invalid_client": "Identifiant ou secret inconnu : envoyez-les par HTTP Basic.",
    "invalid_request": "Demande mal faite. Champs lus : grant_type, scope, client_id.",
    "unsupported_grant_type": "Le seul grant_type admis est client_credentials.",
    "invalid_scope": "Ce logiciel n'a pas ce droit.",
}


def slot_taken(refusal: SlotTaken) -> Response:
    """409, with the nearest free hours of the place."""
    return problem(
        409, kind=refusal.code, detail=str(refusal), nearest=[slot_out(slot) for slot in refusal.nearest]
    )


def token_refused(error: Exception, context: dict) -> Response | None:
    """The EXCEPTION_HANDLER of the token: what OAuth names in its form, the rest as everywhere."""
    response = handle(error, context)
    named = _oauth_error(error)
    if response is None or named is None:
        return response
    code, status = named
    headers = {name: response[name] for name in ("WWW-Authenticate",) if name in response}
    facts = {"error": code, "error_description": SAID[code]}
    return Response(facts, status=status, headers=headers | {"Cache-Control": "no-store"})


def _oauth_error(error: Exception) -> tuple[str, int] | None:
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return "invalid_client", 401
    if isinstance(error, UnknownNames | exceptions.ParseError | SuspiciousOperation):
        return "invalid_request", 400
    if not isinstance(error, exceptions.ValidationError):
        return None
    codes: Any = error.get_codes()
    if codes.get("grant_type") == ["invalid_choice"]:
        return "unsupported_grant_type", 400
    return "invalid_scope" if "scope" in codes else "invalid_request", 400
