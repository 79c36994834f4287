"""What calls add to the page of an appointment."""

from datetime import datetime

from django.urls import reverse

from operators.agenda.models import Appointment


def contact_section(*, appointment: Appointment, signed: str, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry’s signature
    """« Est-ce bien vous ? », while nobody but an agent told the contact."""
    person = appointment.beneficiary
    if person is None or person.contact_proved_at is not None:
        return None
    return {"url": reverse("operators:contact_confirm", args=[signed])}
