"""What the agenda adds to the pages of the apps below: the request's page and the personal space."""

from datetime import datetime
from typing import cast

from django.urls import reverse

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.registry import Fact, NextStep
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda import registry, rules, selectors
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.links import appointment_path
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.notices import minutes


def booking_step(*, service_request: ServiceRequest, is_holder: bool, now: datetime) -> NextStep | None:
    """See the coming appointment, else choose a slot; who only has the reference learns no date."""
    coming = selectors.coming_of_request(service_request=service_request, now=now)
    if coming is None:
        return NextStep(
            label="Choisir un créneau",
            url=reverse("operators:slot_list", args=[service_request.reference]),
            description="Choisissez le jour et l’heure, sur place, par téléphone ou en visio.",
        )
    if not is_holder:
        return None
    return NextStep(
        label="Voir mon rendez-vous",
        url=appointment_path(coming),
        description="Le revoir, le déplacer ou l’annuler.",
    )


def appointment_facts(*, service_request: ServiceRequest, is_holder: bool, **_known) -> list[Fact]:
    """Each booking, move, cancellation and session of a request; nothing for who only has the reference."""
    if not is_holder:
        return []
    booked = selectors.bookings_of_request(service_request=service_request)
    return [fact for appointment in booked for fact in _story(appointment)]


def _story(appointment: Appointment) -> list[Fact]:
    when = long_instant(appointment.starts_at, appointment.site.zone)
    verb = "pris" if appointment.moved_from_id is None else "déplacé"
    facts = [Fact(appointment.booked_at, f"Rendez-vous {verb} : {when}.")] if appointment.booked_at else []
    if appointment.state == AppointmentState.CANCELLED and not hasattr(appointment, "moved_to"):
        by = "par vous" if appointment.cancelled_by == CancelledBy.PERSON else "par le service"
        facts.append(Fact(cast("datetime", appointment.cancelled_at), f"Rendez-vous annulé {by} : {when}."))
    elif appointment.state == AppointmentState.ATTENDED:
        facts.append(Fact(appointment.starts_at, "Vous avez rencontré un conseiller."))
    elif appointment.state == AppointmentState.NO_SHOW:
        facts.append(
            Fact(appointment.starts_at, "Ce rendez-vous n’a pas eu lieu. Vous pouvez en choisir un autre.")
        )
    return facts


def next_appointment_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:
    """« Mon prochain rendez-vous »; hidden when there is none."""
    coming = selectors.next_appointment(beneficiary=beneficiary, now=now)
    if coming is None:
        return None
    return {
        "appointment": coming,
        "site": coming.site,
        "minutes": minutes(coming),
        "limit": rules.change_limit(coming.starts_at),
        "url": appointment_path(coming),
    }


def appointments_page(*, beneficiary: Beneficiary, now: datetime) -> dict:
    """« Mes rendez-vous »: those to come, soonest first, then those over or cancelled, latest first."""
    coming, past = selectors.appointments_of(beneficiary=beneficiary, now=now)
    return {
        "coming": [
            {
                "appointment": one,
                "minutes": minutes(one),
                "limit": rules.change_limit(one.starts_at),
                "url": appointment_path(one),
            }
            for one in coming
        ],
        "past": past,
        "meetings": registry.own_meetings(beneficiary=beneficiary, now=now),
    }
