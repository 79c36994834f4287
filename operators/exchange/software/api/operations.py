"""What the OpenAPI description reads of an operation where it is enforced."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

RATE = "x-rate-per-minute"
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[429], description="Secondes à attendre"
)


RATES = [
    OpenApiParameter(
        "RateLimit-Policy",
        str,
        OpenApiParameter.HEADER,
        response=True,
        description="Combien d’appels (q) par fenêtre de w secondes",
    ),
    OpenApiParameter(
        "RateLimit",
        str,
        OpenApiParameter.HEADER,
        response=True,
        description="Ce qu’il en reste (r), et dans combien de secondes la fenêtre repart (t)",
    ),
]


class Described(AutoSchema):
    def get_override_parameters(self) -> list:
        return [RETRY_AFTER, *RATES]

    def get_extensions(self) -> dict:
        return {RATE: self.view.a_minute}
