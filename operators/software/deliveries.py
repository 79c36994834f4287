"""/api/v1/deliveries/: what a software sends by file, sent by program; the same reading, the same report."""

from collections.abc import Iterator

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import parser_classes
from rest_framework.exceptions import UnsupportedMediaType, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from operators.deliveries.columns import NAMES, example_rows
from operators.deliveries.enums import FileFormat
from operators.deliveries.models import DataDelivery, RefusedLine
from operators.deliveries.selectors import deliveries_of, refused_lines
from operators.deliveries.services import send_delivery
from operators.software.api import LONGEST_KEY, REFUSED
from operators.software.endpoints import endpoint
from operators.software.enums import Scope
from operators.software.rules import key_of

PIECE = 1 << 16
ENDINGS = {kind.partition(";")[0]: ending for ending, kind in FileFormat.media_types.items()}
EXAMPLE = {
    "lignes": [{name: cell for name, cell in zip(NAMES, row, strict=True) if cell} for row in example_rows()]
}


class AsSent(BaseParser):
    """The body as it comes, piece by piece: it is read later, by the worker."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None):  # noqa: ARG002 -- DRF's signature
        return stream


class Pages(PageNumberPagination):
    page_size = 100


class DeliveryOut(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.CharField(help_text="WAITING, RUNNING, DONE, REFUSED (illisible) ou FAILED")
    reason = serializers.CharField(allow_blank=True, help_text="Pourquoi rien n’a été pris")
    is_trial = serializers.BooleanField()
    sent_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    line_count = serializers.IntegerField()
    new_count = serializers.IntegerField()
    changed_count = serializers.IntegerField()
    same_count = serializers.IntegerField()
    refused_count = serializers.IntegerField()
    refused_fields = serializers.DictField(child=serializers.IntegerField())


class ProblemOut(serializers.Serializer):
    field = serializers.CharField()
    what = serializers.CharField()
    how = serializers.CharField()


class RefusedLineOut(serializers.Serializer):
    number = serializers.IntegerField(help_text="Rang de la ligne, comme dans le fichier envoyé")
    line = serializers.DictField(child=serializers.CharField())
    problems = ProblemOut(many=True)


@extend_schema(
    methods=["GET"],
    summary="Lister les remontées",
    responses={200: DeliveryOut(many=True), **REFUSED},
)
@extend_schema(
    methods=["POST"],
    summary="Envoyer une remontée",
    description="En JSON (5 Mo au plus), en CSV ou en XLSX ; format : /remontees/schema.json. Elle est lue "
    "ensuite : relisez-la jusqu’à l’état DONE. La même clé est la même remontée.",
    parameters=[
        OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True),
        OpenApiParameter("trial", bool, description="true : vérifier sans rien écrire"),
    ],
    request={"application/json": OpenApiTypes.OBJECT, "text/csv": OpenApiTypes.BINARY},
    examples=[OpenApiExample("Un parcours", value=EXAMPLE, request_only=True)],
    responses={200: DeliveryOut, 202: DeliveryOut, **REFUSED},
)
@endpoint("GET", "POST", scope=Scope.DELIVERIES_READ, writing=Scope.DELIVERIES_WRITE, a_minute=30)
@parser_classes([AsSent])
def deliveries(request: Request) -> Response:
    """GET: what was sent, by page or by software. POST: send lines to be read."""
    if request.method == "POST":
        return _send(request)
    pages = Pages()
    page = pages.paginate_queryset(
        deliveries_of(organisation_id=request.user.client.organisation_id), request
    )
    return pages.get_paginated_response([_out(one) for one in page or []])


def _send(request: Request) -> Response:
    """202, or 200 when the key had sent already."""
    client, key = request.user.client, request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY:
        raise ValidationError(
            {"Idempotency-Key": ["Donnez une clé, de 100 signes au plus, propre à cette remontée."]}
        )
    sent_as = request.content_type.partition(";")[0].strip().lower()
    if sent_as not in ENDINGS:
        raise UnsupportedMediaType(sent_as)
    delivery, is_new = send_delivery(
        organisation=client.organisation,
        file_name=f"remontee.{ENDINGS[sent_as]}",
        pieces=_pieces(request),
        is_trial=request.query_params.get("trial", "") == "true",
        by=None,
        software=client.name,
        key=key_of(client, key, "delivery"),
        now=timezone.now(),
    )
    answer = status.HTTP_202_ACCEPTED if is_new else status.HTTP_200_OK
    return Response(_out(delivery), status=answer)


def _pieces(request: Request) -> Iterator[bytes]:
    stream = request.stream
    while stream is not None and (piece := stream.read(PIECE)):
        yield piece


@extend_schema(summary="Lire une remontée", responses={200: DeliveryOut, **REFUSED})
@endpoint("GET", scope=Scope.DELIVERIES_READ)
def delivery_detail(request: Request, uuid) -> Response:
    """How far it is, and what became of its lines."""
    return Response(_out(_delivery(request, uuid)))


@extend_schema(
    summary="Lister les lignes refusées d’une remontée",
    responses={200: RefusedLineOut(many=True), **REFUSED},
)
@endpoint("GET", scope=Scope.DELIVERIES_READ)
def delivery_refused(request: Request, uuid) -> Response:
    """Each line as it was sent, with what to mend, field by field."""
    pages = Pages()
    page = pages.paginate_queryset(refused_lines(delivery=_delivery(request, uuid)), request)
    return pages.get_paginated_response([_refused_out(one) for one in page or []])


def _delivery(request: Request, uuid) -> DataDelivery:
    found = deliveries_of(organisation_id=request.user.client.organisation_id).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _out(one: DataDelivery) -> dict:
    return {
        "id": str(one.uuid),
        "state": one.state,
        "reason": one.reason,
        "is_trial": one.is_trial,
        "sent_at": one.sent_at.isoformat(),
        "finished_at": one.finished_at.isoformat() if one.finished_at else None,
        "line_count": one.line_count,
        "new_count": one.new_count,
        "changed_count": one.changed_count,
        "same_count": one.same_count,
        "refused_count": one.refused_count,
        "refused_fields": one.refused_fields,
    }


def _refused_out(one: RefusedLine) -> dict:
    line = {name: cell for name, cell in zip(NAMES, one.cells, strict=True) if cell}
    return {"number": one.number, "line": line, "problems": one.problems}
