from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from operators.exchange.software import services
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import answer, body, refusals, token_refusals
from operators.exchange.software.api.endpoints import ClientSecret, endpoint
from operators.exchange.software.api.inputs import read_body
from operators.exchange.software.api.problems import token_refused
from operators.exchange.software.rules import TOKEN_LIFETIME
from operators.exchange.software.serializers.tokens import TokenIn, TokenOut


@extend_schema(
    operation_id="demander_jeton",
    tags=["jeton"],
    summary="Demander un jeton d’une heure",
    description="OAuth 2.0, « client credentials » : l’identifiant et le secret par HTTP Basic. Un logiciel "
    "révoqué perd aussitôt ses jetons.",
    request=TokenIn,
    examples=[body(examples.TOKEN_IN, media_type=FormParser.media_type)],
    responses={
        200: answer(TokenOut, examples.TOKEN, "Un jeton"),
        **token_refusals(),
        **refusals(415, but=(400, 401)),
    },
)
@endpoint("POST", scope=None, a_minute=20, by=ClientSecret, reads=FormParser)
def token(request: Request) -> Response:
    """OAuth 2.0, client credentials: the identifier and the secret by HTTP Basic."""
    client, asked = request.user.client, read_body(TokenIn, request).validated_data
    if not set(asked["scope"].split()) <= set(client.scopes):
        raise ValidationError({"scope": ["Ce logiciel n’a pas ce droit."]})
    if asked.get("client_id", str(client.uuid)).lower() != str(client.uuid):
        raise ValidationError({"client_id": ["Cet identifiant n’est pas celui de HTTP Basic."]})
    facts = {
        "access_token": services.issue_token(client=client, now=timezone.now()),
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        "scope": " ".join(client.scopes),
    }
    return Response(facts, headers={"Cache-Control": "no-store"})


token.cls.get_exception_handler = lambda _view: token_refused
