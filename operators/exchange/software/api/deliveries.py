"""/api/v1/deliveries/: what a software sends by file, sent by program; the same reading, the same report."""

from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from cep_portal.common.bodies import takes_up_to
from operators.exchange.deliveries.enums import FileFormat
from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.deliveries.rules.columns import json_schema
from operators.exchange.deliveries.selectors import deliveries_of, refused_lines
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import KEY, answer, body, page_answer, refusals
from operators.exchange.software.api.endpoints import endpoint
from operators.exchange.software.api.inputs import key, read
from operators.exchange.software.api.paging import PageQuery, page
from operators.exchange.software.enums import Scope
from operators.exchange.software.serializers.deliveries import (
    DeliveryOut,
    DeliveryQuery,
    RefusedLineOut,
    delivery_out,
    refused_out,
)
from operators.exchange.software.services import send_by_software

TAG = ["remontees"]
PIECE = 1 << 16
IN_MEMORY = 1 << 20
ENDINGS = {kind.partition(";")[0]: ending for ending, kind in FileFormat.media_types.items()}


class AsSent(BaseParser):
    """The body as it comes, piece by piece: it is read later, by the worker."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:  # noqa: ARG002 -- DRF's signature
        return stream


@extend_schema(
    methods=["GET"],
    operation_id="lister_remontees",
    tags=TAG,
    summary="Lister les remontées",
    description="Celles de votre organisme, envoyées au portail ou par logiciel, la dernière d’abord.",
    parameters=[PageQuery],
    responses={200: page_answer(DeliveryOut, examples.DELIVERY_OUT, "Vos remontées"), **refusals(422)},
)
@extend_schema(
    methods=["POST"],
    operation_id="envoyer_remontee",
    tags=TAG,
    summary="Envoyer une remontée",
    description="En JSON (5 Mo au plus), en CSV ou en XLSX ; format : /remontees/schema.json. Elle est lue "
    "ensuite : relisez-la jusqu’à l’état DONE. La même clé est la même remontée.",
    parameters=[KEY, DeliveryQuery],
    request={
        "application/json": {name: part for name, part in json_schema().items() if name != "$schema"},
        **dict.fromkeys([kind for kind in ENDINGS if kind != "application/json"], OpenApiTypes.BINARY),
    },
    examples=[body(examples.DELIVERY_IN)],
    responses={
        200: answer(DeliveryOut, examples.DELIVERY_OUT, "Déjà envoyée avec cette clé"),
        202: answer(DeliveryOut, examples.DELIVERY_WAITING, "Reçue, à lire"),
        **refusals(409, 415, 422),
    },
)
@takes_up_to("PORTAL_DELIVERY_BODY_BYTES")
@endpoint(
    "GET",
    "POST",
    scope=Scope.DELIVERIES_READ,
    writing=Scope.DELIVERIES_WRITE,
    a_minute=30,
    reads=AsSent,
    asks=(PageQuery,),
    posts=(DeliveryQuery,),
)
def deliveries(request: Request) -> Response:
    """GET: what was sent, by page or by software. POST: send lines to be read."""
    if request.method == "POST":
        return _send(request)
    own = deliveries_of(organisation_id=request.user.client.organisation_id)
    return page(request, own, delivery_out, newest=True)


def _send(request: Request) -> Response:
    """202, or 200 when the key had sent already."""
    client, is_trial = request.user.client, read(DeliveryQuery, request.query_params).validated_data["trial"]
    sent_as = request.content_type.partition(";")[0].strip().lower()
    if sent_as not in ENDINGS:
        raise UnsupportedMediaType(sent_as)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as received:
        delivery, is_new = send_by_software(
            client=client,
            key=key(request, content=f"{sent_as} {_receive(request, received)}"),
            file_name=f"remontee.{ENDINGS[sent_as]}",
            pieces=iter(lambda: received.read(PIECE), b""),
            is_trial=is_trial,
            now=timezone.now(),
        )
    code = status.HTTP_202_ACCEPTED if is_new else status.HTTP_200_OK
    return Response(delivery_out(delivery), status=code)


def _receive(request: Request, received: IO[bytes]) -> str:
    """The digest of the body, kept to be read again: its key is bound to all of it."""
    digest, stream = sha256(), request.stream
    while stream is not None and (piece := stream.read(PIECE)):
        digest.update(piece)
        received.write(piece)
    received.seek(0)
    return digest.hexdigest()


@extend_schema(
    operation_id="lire_remontee",
    tags=TAG,
    summary="Lire une remontée",
    description="Où elle en est, et ce que sont devenues ses lignes.",
    responses={200: answer(DeliveryOut, examples.DELIVERY_OUT, "La remontée"), **refusals(404)},
)
@endpoint("GET", scope=Scope.DELIVERIES_READ)
def delivery_detail(request: Request, uuid: UUID) -> Response:
    """How far it is, and what became of its lines."""
    return Response(delivery_out(_delivery(request, uuid)))


@extend_schema(
    operation_id="lister_lignes_refusees",
    tags=TAG,
    summary="Lister les lignes refusées d’une remontée",
    description="Chaque ligne comme elle a été envoyée, avec quoi corriger. Corrigez et renvoyez ces lignes "
    "seules.",
    parameters=[PageQuery],
    responses={
        200: page_answer(RefusedLineOut, examples.REFUSED_LINE, "Les lignes refusées"),
        **refusals(404, 422),
    },
)
@endpoint("GET", scope=Scope.DELIVERIES_READ, asks=(PageQuery,))
def delivery_refused(request: Request, uuid: UUID) -> Response:
    """Each line as it was sent, with what to mend, field by field."""
    return page(request, refused_lines(delivery=_delivery(request, uuid)), refused_out, by="number")


def _delivery(request: Request, uuid: UUID) -> DataDelivery:
    own = deliveries_of(organisation_id=request.user.client.organisation_id)
    delivery = own.filter(uuid=uuid).first()
    if delivery is None:
        raise Http404
    return delivery
