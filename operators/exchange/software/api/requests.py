"""/api/v1/requests/: what people asked for. Read only: a request comes with its booking, or by a delivery."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from operators.exchange.software import selectors
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import answer, followed_answer, refusals
from operators.exchange.software.api.endpoints import endpoint
from operators.exchange.software.api.paging import FeedQuery, followed_page
from operators.exchange.software.enums import Scope
from operators.exchange.software.serializers.requests import RequestOut, RequestsQuery, request_out

REFERENCE = OpenApiParameter(
    "reference",
    {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{12}$"},
    OpenApiParameter.PATH,
    description="Douze signes, sans tirets",
)


@extend_schema(
    operation_id="lister_demandes",
    tags=["demandes"],
    summary="Lister les demandes",
    description="Les demandes que le portail vous a confiées, dans l’ordre où elles sont arrivées. Ni nom ni "
    "contact : vos chargés d’information les lisent au portail. Une demande naît avec un rendez-vous "
    "ou par une remontée : elle ne se crée pas seule.",
    parameters=[RequestsQuery, FeedQuery],
    responses={200: followed_answer(RequestOut, examples.REQUEST_OUT, "Vos demandes"), **refusals(422)},
)
@endpoint("GET", scope=Scope.REQUESTS_READ, asks=(RequestsQuery, FeedQuery))
def requests(request: Request) -> Response:
    """The requests routed to the operator."""
    return followed_page(request, RequestsQuery, selectors.own_requests, request_out)


@extend_schema(
    operation_id="lire_demande",
    tags=["demandes"],
    summary="Lire une demande",
    description="Par sa référence, celle de l’attestation et de chaque rendez-vous.",
    parameters=[REFERENCE],
    responses={200: answer(RequestOut, examples.REQUEST_OUT, "La demande"), **refusals(404)},
)
@endpoint("GET", scope=Scope.REQUESTS_READ)
def request_detail(request: Request, reference: str) -> Response:
    """One request; that of another operator does not exist."""
    service_request = selectors.own_request(user=request.user, reference=reference)
    if service_request is None:
        raise Http404
    return Response(request_out(service_request))
