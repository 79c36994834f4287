"""What the waiting list adds to the pages of the subjects and apps below."""

from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.registry import NextStep
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.registry import WayOut
from operators.booking.demand import links, presenters, rules, selectors
from operators.booking.demand.enums import AlertState


def nothing_fits_way(*, service_request: ServiceRequest, query: str, now: datetime) -> WayOut:  # noqa: ARG001 -- a contribution
    """Under the slots, always: be called, or wait for a place."""
    page = reverse("operators:nothing_fits", args=[service_request.reference])
    return WayOut("Être rappelé, ou prévenu quand une place se libère", page + query)


def demand_step(*, service_request: ServiceRequest, is_holder: bool, now: datetime) -> NextStep | None:
    """The promised call, the offer or the place in the list; the reference alone tells the promise only."""
    page = reverse("operators:nothing_fits", args=[service_request.reference])
    call_back = selectors.call_back_due(service_request=service_request)
    if call_back is not None:
        return NextStep(
            label="Voir ce rappel",
            url=page,
            description=presenters.promise(call_back, now=now),
        )
    if not is_holder:
        return None
    return _offer_step(service_request, now=now) or _list_step(service_request, page)


def _offer_step(service_request: ServiceRequest, *, now: datetime) -> NextStep | None:
    offer = selectors.pending_offer(service_request=service_request)
    if offer is None or offer.expires_at <= now:
        return None
    zone = offer.appointment.site.zone
    return NextStep(
        label="Répondre",
        url=links.offer_path(offer),
        description=f"Une place est gardée pour vous jusqu’au {long_instant(offer.expires_at, zone)}.",
    )


def _list_step(service_request: ServiceRequest, page: str) -> NextStep | None:
    entry = selectors.entry_waiting(service_request=service_request)
    if entry is None:
        return None
    return NextStep(
        label="Voir mon attente",
        url=page,
        description=(
            f"Vous êtes dans la liste d’attente, à la place {selectors.place_in_list(entry=entry)}."
            " Nous vous écrivons dès qu’une place se libère."
        ),
    )


def earlier_section(*, appointment: Appointment, signed: str, now: datetime) -> dict | None:
    """« Une place plus tôt ? », whatever the channel that booked (RDV-SP 4811, RDV-I 1044).

    Nothing is promised when the appointment is too near for any place to be offered before it.
    """
    if appointment.state != AppointmentState.BOOKED or appointment.starts_at <= now:
        return None
    alert = selectors.alert_of(appointment=appointment)
    is_active = alert is not None and alert.state == AlertState.ACTIVE
    if not is_active and not rules.may_come_earlier(
        appointment.starts_at, zone=appointment.site.zone, now=now
    ):
        return None
    return {"url": reverse("operators:earlier", args=[signed]), "is_active": is_active}
