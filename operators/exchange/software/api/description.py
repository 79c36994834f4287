"""The OpenAPI description: what each operation answers, its right, its rate, in French, with examples."""

import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from cep_portal.common.problems import TITLES
from cep_portal.common.retention import DELAYS
from operators.exchange.software.api import examples
from operators.exchange.software.api.endpoints import BearerToken, ClientSecret
from operators.exchange.software.api.operations import RATE
from operators.exchange.software.api.paging import MOST
from operators.exchange.software.api.problems import SAID
from operators.exchange.software.enums import Scope
from operators.exchange.software.serializers.problems import RefusalOut
from operators.exchange.software.serializers.tokens import TokenRefusalOut

PROBLEM = "application/problem+json"
TAGS = {
    "jeton": ("Jeton", "Un jeton d’une heure, contre l’identifiant et le secret de votre logiciel."),
    "lieux": ("Lieux et créneaux", "Où et quand une personne peut être reçue."),
    "rendez-vous": ("Rendez-vous", "Lire, prendre, déplacer, annuler : les règles des pages du portail."),
    "demandes": ("Demandes", "Ce que les personnes ont demandé, sans nom ni contact."),
    "parcours": (
        "Parcours et séances",
        "Des faits : dates, niveaux, durées, issue. Jamais ce qui s’est dit.",
    ),
    "remontees": ("Remontées", "Vos faits, envoyés par lots ; chaque ligne est jugée, puis prise ou rendue."),
    "indicateurs": ("Indicateurs", "Les chiffres de votre contrat, ceux de la page « Mon lot »."),
    "references": ("Listes de référence", "Listes fermées et territoires, avec leurs codes."),
}
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Propre à cet acte. La même clé, avec les mêmes faits, n’agit qu’une fois.",
)
OPTIONAL_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Facultative : le même acte envoyé deux fois n’agit qu’une fois. Avec d’autres faits, la "
    f"même clé est refusée. Elle est gardée {DELAYS['software_key'].in_words}.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "pattern": '^"[0-9a-f]+"$'},
    OpenApiParameter.HEADER,
    description="L’ETag reçu la dernière fois : 304 sans corps si rien n’a changé.",
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 304], description="Trace forte de la réponse"
)
WRONG = [
    {"field": "starts_at", "message": "Donnez le décalage horaire, par exemple 2026-11-30T09:00:00+01:00."}
]
UNKNOWN = [{"field": "personne", "message": "Ce champ n’existe pas ici. Ceux qui sont lus : person, site."}]
TOLD = {
    400: ("unknown_name", "Rien n’a été fait : champ inconnu, personne.", {"errors": UNKNOWN}),
    401: ("authentication_failed", "Ce jeton est inconnu, périmé ou révoqué. Demandez-en un nouveau.", {}),
    403: ("permission_denied", "Ce logiciel n’a pas ce droit.", {}),
    404: ("not_found", "Cet objet n’existe pas, ou n’est pas le vôtre.", {}),
    406: ("not_acceptable", "L’API ne répond qu’en JSON.", {}),
    409: ("slot_taken", "Ce créneau n’est plus libre.", {"nearest": [examples.SLOT]}),
    415: ("unsupported_media_type", "Ce type de contenu n’est pas lu ici.", {}),
    422: ("invalid", "Corrigez les valeurs signalées.", {"errors": WRONG}),
    429: ("throttled", "Trop d’appels : attendez le délai donné par Retry-After.", {}),
}
ALWAYS = (400, 401, 403, 406, 429)


def refusals(*codes: int, but: tuple[int, ...] = ()) -> dict:
    """What an operation may refuse, as application/problem+json, each with its example."""
    return {(code, PROBLEM): _refusal(code) for code in sorted({*ALWAYS, *codes} - {*but})}


def token_refusals() -> dict:
    """What OAuth names in its own form."""
    return {
        400: _oauth_refusal("Demande refusée", "invalid_request", "unsupported_grant_type", "invalid_scope"),
        401: _oauth_refusal("Logiciel inconnu", "invalid_client"),
    }


def _oauth_refusal(text: str, *codes: str) -> OpenApiResponse:
    told = [OpenApiExample(code, value={"error": code, "error_description": SAID[code]}) for code in codes]
    return OpenApiResponse(TokenRefusalOut, description=text, examples=told)


def _refusal(code: int) -> OpenApiResponse:
    kind, detail, more = TOLD[code]
    told = {"type": f"urn:mon-cep:{kind}", "title": TITLES[code], "status": code, "detail": detail, **more}
    return OpenApiResponse(RefusalOut, description=TITLES[code], examples=[OpenApiExample(kind, value=told)])


def answer(shape: Any, example: dict, text: str) -> OpenApiResponse:
    return OpenApiResponse(shape, description=text, examples=[OpenApiExample("Exemple", value=example)])


def page_answer(shape: type[serializers.Serializer], example: dict, text: str) -> OpenApiResponse:
    """A page of a list: its rows, and the address of the next one."""
    envelope = inline_serializer(
        name=shape.__name__.removesuffix("Out") + "Page",
        fields={
            "results": shape(many=True),
            "next": serializers.URLField(allow_null=True, help_text="La page suivante ; rien à la fin"),
        },
    )
    return answer(envelope, examples.page_of(example), f"{text}, {MOST} par page au plus")


def followed_answer(shape: type[serializers.Serializer], example: dict, text: str) -> OpenApiResponse:
    """A page of a list whose changes are followed: where to take them up again, once all is read."""
    envelope = inline_serializer(
        name=shape.__name__.removesuffix("Out") + "Page",
        fields={
            "results": shape(many=True),
            "next": serializers.URLField(allow_null=True, help_text="La page suivante ; rien à la fin"),
            "mark": serializers.CharField(
                allow_null=True, help_text="Avec `mark` : celle à redonner ; rien tant qu’il y a une suite"
            ),
        },
    )
    return answer(envelope, examples.page_of(example) | {"mark": None}, f"{text}, {MOST} par page au plus")


def body(example: dict, *, media_type: str = "application/json") -> OpenApiExample:
    return OpenApiExample("Exemple", value=example, request_only=True, media_type=media_type)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = BearerToken
    name = "jeton"

    def get_security_definition(self, auto_schema: Any) -> dict:  # noqa: ARG002 -- drf-spectacular's signature
        flow = {"tokenUrl": "/api/v1/token/", "scopes": {scope.value: str(scope.label) for scope in Scope}}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}

    def get_security_requirement(self, auto_schema: Any) -> dict:
        scope = auto_schema.view.scopes.get(auto_schema.method)
        return {self.name: [scope] if scope else []}


class SecretScheme(OpenApiAuthenticationExtension):
    target_class = ClientSecret
    name = "secret"

    def get_security_definition(self, auto_schema: Any) -> dict:  # noqa: ARG002 -- drf-spectacular's signature
        return {"type": "http", "scheme": "basic", "description": "L’identifiant et le secret du logiciel"}


@cache
def described() -> dict:
    """The whole description, made once a process: it only changes with the code."""
    return json.loads(described_bytes())


@cache
def described_bytes() -> bytes:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    schema["servers"] = [{"url": settings.PORTAL_BASE_URL, "description": "Ce portail"}]
    schema["tags"] = [{"name": name, "description": text} for name, (_, text) in TAGS.items()]
    for address in schema["paths"].values():
        for operation in address.values():
            operation["description"] = " ".join((operation["description"], *_limits(operation)))
    return OpenApiJsonRenderer().render(schema)


def _limits(operation: dict) -> Iterator[str]:
    """Each operation says its right and its rate: both are read where they are enforced."""
    for scopes in (asked["jeton"] for asked in operation["security"] if "jeton" in asked):
        yield from (f"Droit : `{scope}`." for scope in scopes)
    yield f"Limite : {operation[RATE]} appels par minute."


@cache
def description_trace() -> str:
    return f'"{sha256(described_bytes()).hexdigest()}"'


def same_for_all(request: HttpRequest) -> str:  # noqa: ARG001 -- the signature of django's etag functions
    return description_trace()
