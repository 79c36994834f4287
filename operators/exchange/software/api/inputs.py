"""What every endpoint reads the same way."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

from cep_portal.common.problems import UnknownNames
from operators.booking.agenda.models import Appointment
from operators.exchange.software import selectors
from operators.exchange.software.rules import Key, trace_of
from operators.network.models import Site

LONGEST_KEY = 100


def read(shape: type[Serializer], data: Any) -> Serializer:
    """The values, checked. Raises ValidationError, told field by field."""
    values = shape(data=data)
    values.is_valid(raise_exception=True)
    return values


def read_body(shape: type[Serializer], request: Request) -> Serializer:
    """The values of a body. Raises UnknownNames for a field that nothing reads, at any depth."""
    unknown = list(_unknown(shape(), request.data))
    if unknown:
        raise UnknownNames(unknown, known=shape().fields, what="champ")
    return read(shape, request.data)


def _unknown(shape: BaseSerializer, data: Any, path: str = "") -> Iterator[str]:
    if isinstance(shape, ListSerializer):
        for place, row in enumerate(data if isinstance(data, list) else []):
            yield from _unknown(shape.child, row, f"{path}{place}.")
    elif isinstance(shape, Serializer) and isinstance(data, Mapping):
        for name, inner in data.items():
            if name not in shape.fields:
                yield f"{path}{name}"
            else:
                yield from _unknown(shape.fields[name], inner, f"{path}{name}.")


def own_site(request: Request, uuid: UUID) -> Site:
    site = selectors.own_site(user=request.user, uuid=uuid)
    if site is None:
        raise Http404
    return site


def own_appointment(request: Request, uuid: UUID) -> Appointment:
    appointment = selectors.own_appointment(user=request.user, uuid=uuid)
    if appointment is None:
        raise Http404
    return appointment


def key(request: Request, *, content: str = "") -> Key:
    """The Idempotency-Key, bound to the whole call; `content` is the trace of a body not read here."""
    sent = request.headers.get("Idempotency-Key", "").strip()
    if not 0 < len(sent) <= LONGEST_KEY:
        raise ValidationError(
            {"Idempotency-Key": ["Donnez une clé, de 100 signes au plus, propre à cet acte."]}
        )
    query = sorted((name, values) for name, values in request.query_params.lists())
    return Key(sent, trace_of(request.method, request.path, query, content or request.data))


def optional_key(request: Request) -> Key | None:
    return key(request) if request.headers.get("Idempotency-Key", "").strip() else None
