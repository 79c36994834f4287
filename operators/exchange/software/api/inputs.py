"""What every endpoint reads the same way."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from operators.booking.agenda.models import Appointment
from operators.exchange.software import selectors
from operators.network.models import Site

LONGEST_KEY = 100


def read(shape: type[Serializer], data: Any) -> Serializer:
    """The values, checked. Raises ValidationError, told field by field."""
    found = shape(data=data)
    found.is_valid(raise_exception=True)
    return found


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


def key(request: Request, *, needed: bool = True) -> str:
    """The Idempotency-Key; empty when it is optional and was not sent."""
    sent = request.headers.get("Idempotency-Key", "").strip()
    if len(sent) > LONGEST_KEY or (needed and not sent):
        raise ValidationError(
            {"Idempotency-Key": ["Donnez une clé, de 100 signes au plus, propre à cet acte."]}
        )
    return sent
