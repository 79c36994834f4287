"""What every address of the API shares: a bearer token, a scope, a throttle, problems in French."""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.decorators import api_view, authentication_classes, parser_classes, schema
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request

from cep_portal.common.access import TOKEN
from cep_portal.common.throttle import address, seconds_to_wait
from operators.exchange.software import rules, selectors
from operators.exchange.software.api.operations import Described
from operators.exchange.software.models import ApiClient

BAD_TOKEN = "Ce jeton est inconnu, périmé ou révoqué. Demandez-en un nouveau."  # noqa: S105 -- a sentence
TRIES_A_MINUTE = 30  # of a secret, from one network address: a software asks once an hour
BAD_SECRET = "Identifiant ou secret refusé."  # noqa: S105 -- a sentence


class _Known(BaseAuthentication):
    word = b""

    def _sent(self, request: Request) -> str | None:
        parts = get_authorization_header(request).split()
        if len(parts) != 2 or parts[0].lower() != self.word:
            return None
        return parts[1].decode("latin-1")


class BearerToken(_Known):
    """`Authorization: Bearer …`; a revoked client's tokens are refused at once."""

    word = b"bearer"

    def authenticate(self, request: Request) -> Any:
        token = self._sent(request)
        if token is None:
            return None
        uuid = rules.read_token(token)
        client = selectors.live_client(uuid=uuid) if uuid else None
        if client is None:
            raise exceptions.AuthenticationFailed(BAD_TOKEN)
        return rules.SoftwareUser(client), client

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 -- DRF's signature
        return 'Bearer realm="api"'


class ClientSecret(_Known):
    """`Authorization: Basic …` with the identifier and the secret: to ask for a token, nowhere else."""

    word = b"basic"

    def authenticate(self, request: Request) -> Any:
        sent = self._sent(request)
        if sent is None:
            return None
        # Counted before the secret is read: who tries secrets has no client of its own to be counted by.
        _check_rate(f"secret:{address(request)}", TRIES_A_MINUTE)
        client = _client_of(sent)
        if client is None:
            raise exceptions.AuthenticationFailed(BAD_SECRET)
        return rules.SoftwareUser(client), client

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 -- DRF's signature
        return 'Basic realm="api"'


def _client_of(sent: str) -> ApiClient | None:
    try:
        identifier, _, secret = base64.b64decode(sent, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    client = (
        selectors.live_client(uuid=identifier) if len(identifier) <= 36 and "\0" not in identifier else None
    )
    return client if client is not None and rules.secret_matches(client, secret) else None


def endpoint(
    *methods: str,
    scope: str | None,
    writing: str | None = None,
    a_minute: int = 120,
    by: type[_Known] = BearerToken,
    reads: type[BaseParser] = JSONParser,
) -> Callable:
    """An address of the API: who calls, with which right (`writing`: another to POST), how often a minute."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @schema(Described())
        @parser_classes([reads])
        @authentication_classes([by])
        @wraps(function)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if user is None or not user.is_authenticated:
                raise exceptions.NotAuthenticated("Donnez un jeton : Authorization: Bearer …")
            asked = writing if writing and request.method == "POST" else scope
            if asked is not None and not user.may(asked):
                raise exceptions.PermissionDenied("Ce logiciel n’a pas ce droit.")
            _check_rate(f"{function.__name__}:{user.client.uuid}", a_minute)
            return function(request, *args, **kwargs)

        view = login_not_required(api_view(list(methods))(guarded))
        view.access = TOKEN
        view.cls.scopes = {"GET": scope, "POST": writing or scope}
        view.cls.a_minute = a_minute
        return view

    return decorate


def _check_rate(what: str, a_minute: int) -> None:
    if not settings.PORTAL_THROTTLE:
        return
    wait = seconds_to_wait(f"api:{what}", limit=a_minute, seconds=60)
    if wait:
        raise exceptions.Throttled(wait)
