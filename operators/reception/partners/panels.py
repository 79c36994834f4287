"""What partners add to the page of an appointment."""

from datetime import datetime

from django.urls import reverse

from operators.booking.agenda.models import Appointment
from operators.reception.partners import selectors


def sharing_section(*, appointment: Appointment, signed: str, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry’s signature
    """« Ce que sait votre accompagnant »; hidden when nothing is shared."""
    booking = selectors.booking_of(appointment=appointment.uuid)
    if booking is None or not booking.outcome_agreed or booking.withdrawn_at is not None:
        return None
    return {
        "organisation": booking.organisation.name,
        "url": reverse("operators:partner_withdraw", args=[signed]),
    }
