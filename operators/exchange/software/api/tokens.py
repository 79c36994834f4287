from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from operators.exchange.software import services
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import answer, body, refusals
from operators.exchange.software.api.endpoints import ClientSecret, endpoint
from operators.exchange.software.api.inputs import read
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
    responses={200: answer(TokenOut, examples.TOKEN, "Un jeton"), **refusals(400, 415, 422)},
)
@endpoint("POST", scope=None, a_minute=20, by=ClientSecret, reads=FormParser)
def token(request: Request) -> Response:
    """OAuth 2.0, client credentials: the identifier and the secret by HTTP Basic."""
    read(TokenIn, request.data)
    facts = {
        "access_token": services.issue_token(client=request.user.client, now=timezone.now()),
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
    }
    return Response(facts, headers={"Cache-Control": "no-store"})
