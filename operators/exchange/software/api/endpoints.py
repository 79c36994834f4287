"""What every address of the API shares: a bearer token, a scope, a throttle, problems in French."""

import base64
import binascii
from collections.abc import Callable, Sequence
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
from rest_framework.serializers import Serializer

from cep_portal.common.access import TOKEN
from cep_portal.common.problems import UnknownNames
from cep_portal.common.throttle import Allowance, address, counted
from operators.exchange.software import rules, selectors
from operators.exchange.software.api.operations import Described
from operators.exchange.software.models import ApiClient

BEARER = 'Bearer realm="api"'
WINDOW_SECONDS = 60
BAD_TOKEN = "Ce jeton est inconnu, périmé ou révoqué. Demandez-en un nouveau."  # noqa: S105 -- a sentence
TRIES_A_MINUTE = 30  # of a secret, from one network address: a software asks once an hour
BAD_SECRET = "Identifiant ou secret refusé."  # noqa: S105 -- a sentence


class ScopeMissing(exceptions.PermissionDenied):
    """The token is good, the right was not ticked (RFC 6750 §3.1)."""

    def __init__(self, scope: str) -> None:
        super().__init__("Ce logiciel n’a pas ce droit.")
        self.headers = {"WWW-Authenticate": f'{BEARER}, error="insufficient_scope", scope="{scope}"'}


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

    def authenticate_header(self, request: Request) -> str:
        """RFC 6750 §3: no error is named to who sent no token."""
        return BEARER if self._sent(request) is None else f'{BEARER}, error="invalid_token"'


class ClientSecret(_Known):
    """`Authorization: Basic …` with the identifier and the secret: to ask for a token, nowhere else."""

    word = b"basic"

    def authenticate(self, request: Request) -> Any:
        sent = self._sent(request)
        if sent is None:
            return None
        # Counted before the secret is read: who tries secrets has no client of its own to be counted by.
        check_rate(f"secret:{address(request)}", TRIES_A_MINUTE)
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
    asks: Sequence[type[Serializer]] = (),
    posts: Sequence[type[Serializer]] = (),
) -> Callable:
    """An address of the API: who calls, with which right (`writing`: another to POST), how often a minute.

    `asks` and `posts` are what its query may hold, of a GET and of a POST: any other parameter is refused.
    What answers a GET answers a HEAD.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @schema(Described())
        @parser_classes([reads])
        @authentication_classes([by])
        @wraps(function)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            is_post = request.method == "POST"
            _admit(request, writing if writing and is_post else scope)
            allowance = check_rate(f"{function.__name__}:{request.user.client.uuid}", a_minute)
            if allowance is not None:
                request.parser_context["view"].headers |= rate_headers(allowance)
            check_parameters(request, posts if is_post else asks)
            return function(request, *args, **kwargs)

        view = login_not_required(api_view([*methods, *(["HEAD"] if "GET" in methods else [])])(guarded))
        view.access = TOKEN
        view.cls.scopes = {"GET": scope, "POST": writing or scope}
        view.cls.a_minute = a_minute
        return view

    return decorate


def _admit(request: Request, scope: str | None) -> None:
    """Raises NotAuthenticated, or ScopeMissing for who has not this right."""
    user = request.user
    if user is None or not user.is_authenticated:
        raise exceptions.NotAuthenticated("Donnez un jeton : Authorization: Bearer …")
    if scope is not None and not user.may(scope):
        raise ScopeMissing(scope)


def check_parameters(request: Request, shapes: Sequence[type[Serializer]]) -> None:
    """Raises UnknownNames for a parameter that none of these shapes reads."""
    known = {name for shape in shapes for name in shape().fields}
    unknown = set(request.query_params) - known
    if unknown:
        raise UnknownNames(unknown, known=known, what="paramètre")


def check_rate(what: str, a_minute: int) -> Allowance | None:
    """What is left of this minute; None where nothing is limited. Raises Throttled when nothing is."""
    if not settings.PORTAL_THROTTLE:
        return None
    allowance = counted(f"api:{what}", limit=a_minute, seconds=WINDOW_SECONDS)
    if allowance.seconds_to_wait:
        refusal = exceptions.Throttled(allowance.seconds_to_wait)
        refusal.headers = rate_headers(allowance)
        raise refusal
    return allowance


def rate_headers(allowance: Allowance) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers writes them: the policy, what is left, until when (seconds)."""
    return {
        "RateLimit-Policy": f'"minute";q={allowance.limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"minute";r={allowance.left};t={allowance.resets_in}',
    }
