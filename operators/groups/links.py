"""The signed link of a place: whoever holds it sees and cancels it, without an account."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_signer = Signer(salt="operators.groups.place", sep=".")


def sign(uuid: UUID) -> str:
    return _signer.sign(uuid.hex)


def unsign(signed: str) -> UUID | None:
    """The place's uuid, or None when the link was altered."""
    try:
        return UUID(_signer.unsign(signed))
    except (BadSignature, ValueError):
        return None


def place_path(place) -> str:
    return reverse("operators:group_place", args=[sign(place.uuid)])


def place_link(place) -> str:
    return settings.PORTAL_BASE_URL + place_path(place)
