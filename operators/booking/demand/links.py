"""The link of an offer: whoever holds it answers for that one slot, without an account.

Short enough for an SMS: the 122 random bits of the offer, and 96 bits of a signature.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from beneficiaries.request.models import ServiceRequest
from cep_portal.common.links import portal_link

UUID_LENGTH, SIGNATURE_BYTES = 22, 12


def sign(uuid: UUID) -> str:
    return _text(uuid.bytes) + _signature(uuid)


def unsign(signed: str) -> UUID | None:
    """The offer's uuid, or None when the link was altered or cut."""
    try:
        uuid = UUID(bytes=urlsafe_b64decode(signed[:UUID_LENGTH] + "=="))
    except (Error, ValueError):
        return None
    return uuid if constant_time_compare(signed, sign(uuid)) else None


def _signature(uuid: UUID) -> str:
    digest = salted_hmac("operators.demand.offer", uuid.hex, algorithm="sha256").digest()
    return _text(digest[:SIGNATURE_BYTES])


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def offer_path(offer: Any) -> str:
    return reverse("operators:offer", args=[sign(offer.uuid)])


def offer_link(offer: Any) -> str:
    return portal_link("operators:offer", sign(offer.uuid))


def way_out_link(service_request: ServiceRequest) -> str:
    return portal_link("operators:nothing_fits", service_request.reference)
