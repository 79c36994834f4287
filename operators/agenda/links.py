"""The signed link: whoever holds it sees and changes one appointment, without an account."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_signer = Signer(salt="operators.agenda.appointment", sep=".")


def sign(uuid: UUID) -> str:
    return _signer.sign(uuid.hex)


def unsign(signed: str) -> UUID | None:
    """The appointment's uuid, or None when the link was altered."""
    try:
        return UUID(_signer.unsign(signed))
    except (BadSignature, ValueError):
        return None


def appointment_path(appointment) -> str:
    return reverse("operators:appointment", args=[sign(appointment.uuid)])


def appointment_link(appointment) -> str:
    return settings.PORTAL_BASE_URL + appointment_path(appointment)


def replacement_link(appointment) -> str:
    return settings.PORTAL_BASE_URL + reverse("operators:replacement", args=[sign(appointment.uuid)])
