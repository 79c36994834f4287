"""What the waiting list adds to the pages of the subjects and apps below."""

from datetime import datetime

from django.urls import reverse

from beneficiaries.request.hooks import NEXT_STEPS, NextStep, ReadRequest
from beneficiaries.request.models import ServiceRequest
from beneficiaries.rights.hooks import RELEASES
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.wording.dates import long_instant
from cep_portal.messaging.hooks import CHECKS, COMPOSERS, Check
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.hooks import FOLLOWERS, PARTS, WAYS_OUT, NothingFits, ReadAppointment, WayOut
from operators.booking.demand import links, notices, person_file, presenters, rules, selectors
from operators.booking.demand.enums import AlertState
from operators.booking.demand.services import follow
from operators.menus import ADVISER, FOLLOW_UP, INTAKE, MANAGER, SUPPLY


def nothing_fits_way(asked: NothingFits) -> WayOut:
    """Under the slots, always: be called, or wait for a place."""
    page = reverse("operators:nothing_fits", args=[asked.service_request.reference])
    return WayOut("Être rappelé, ou prévenu quand une place se libère", page + asked.query)


def demand_step(read: ReadRequest) -> NextStep | None:
    """The promised call, the offer or the place in the list; the reference alone tells the promise only."""
    page = reverse("operators:nothing_fits", args=[read.service_request.reference])
    call_back = selectors.call_back_due(service_request=read.service_request)
    if call_back is not None:
        return NextStep(
            label="Voir ce rappel",
            url=page,
            description=presenters.promise(call_back, now=read.now),
            heading="Nous devons vous appeler",
        )
    if not read.is_holder:
        return None
    return _offer_step(read.service_request, now=read.now) or _list_step(read.service_request, page)


def _offer_step(service_request: ServiceRequest, *, now: datetime) -> NextStep | None:
    offer = selectors.pending_offer(service_request=service_request)
    if offer is None or offer.expires_at <= now:
        return None
    zone = offer.appointment.site.zone
    return NextStep(
        label="Répondre",
        url=links.offer_path(offer),
        description=f"Une place est gardée pour vous jusqu’au {long_instant(offer.expires_at, zone)}.",
        heading="Une place vous attend",
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
        heading="Vous êtes dans la liste d’attente",
    )


def earlier_section(read: ReadAppointment) -> dict | None:
    """« Une place plus tôt ? », whatever the channel that booked (RDV-SP 4811, RDV-I 1044).

    Nothing is promised when the appointment is too near for any place to be offered before it.
    """
    if read.appointment.state != AppointmentState.BOOKED or read.appointment.starts_at <= read.now:
        return None
    alert = selectors.alert_of(appointment=read.appointment)
    is_active = alert is not None and alert.state == AlertState.ACTIVE
    if not rules.may_come_earlier(read.appointment.starts_at, zone=read.appointment.site.zone, now=read.now):
        return None
    return {"url": reverse("operators:earlier", args=[read.signed]), "is_active": is_active}


def contribute() -> None:
    MENU.add(
        Entry("Ce qui manque", "operators:unmet_demand", MANAGER, order=22, group=SUPPLY),
        Entry("Rappels", "operators:call_back_list", INTAKE, order=50),
        Entry("Rappels", "operators:call_back_list", ADVISER | MANAGER, order=52, group=FOLLOW_UP),
        Entry("Liste d’attente", "operators:waiting_list", INTAKE, order=54),
        Entry("Liste d’attente", "operators:waiting_list", ADVISER | MANAGER, order=54, group=FOLLOW_UP),
    )
    RELEASES.add(person_file.end_what_waits, order=10)
    NEXT_STEPS.add(demand_step, order=5)
    COMPOSERS.add(*notices.COMPOSERS)
    CHECKS.add(Check(notices.ABOUT_OFFER, notices.still_open))
    FOLLOWERS.add(follow)
    WAYS_OUT.add(nothing_fits_way)
    PARTS.add(
        PagePart("Une place plus tôt ?", "operators/booking/demand/earlier_section.html", earlier_section)
    )
