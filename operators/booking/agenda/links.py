"""The signed link: whoever holds it sees and changes one appointment, without an account."""

from django.urls import reverse

from cep_portal.common.links import SignedUuids, portal_link
from operators.booking.agenda.models import Appointment

_uuids = SignedUuids("operators.agenda.appointment")
sign, unsign = _uuids.sign, _uuids.unsign


def appointment_path(appointment: Appointment) -> str:
    return reverse("operators:appointment", args=[sign(appointment.uuid)])


def appointment_link(appointment: Appointment) -> str:
    return portal_link("operators:appointment", sign(appointment.uuid))


def replacement_link(appointment: Appointment) -> str:
    return portal_link("operators:replacement", sign(appointment.uuid))
