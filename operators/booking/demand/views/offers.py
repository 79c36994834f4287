from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from beneficiaries.request.selectors import refuse_closed
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.links import LostLink
from cep_portal.common.throttle import throttled
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.links import appointment_path
from operators.booking.agenda.links import sign as sign_appointment
from operators.booking.agenda.wording import minutes
from operators.booking.demand import links, selectors, services
from operators.booking.demand.enums import OfferState
from operators.booking.demand.models import SlotOffer
from operators.booking.demand.notices import is_other_adviser


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("offer", limit=20, seconds=600)
def offer(request: HttpRequest, signed: str) -> HttpResponse:
    """Do I take this slot? Exactly this one, until when, and what happens if I say nothing."""
    uuid = links.unsign(signed)
    slot_offer = selectors.offer_by_uuid(uuid) if uuid else None
    if slot_offer is None:
        find = reverse("beneficiaries:request_find")
        raise LostLink(was_read=uuid is not None, label="Retrouver ma demande", url=find)
    refuse_closed(slot_offer.beneficiary)
    if request.method == "POST":
        return _answer(request, slot_offer, signed)
    return render(request, "operators/booking/demand/offer.html", _context(slot_offer, now=timezone.now()))


def _answer(request: HttpRequest, slot_offer: SlotOffer, signed: str) -> HttpResponse:
    now, answer = timezone.now(), request.POST.get("reponse", "")
    try:
        if answer == "oui":
            booked = services.accept_offer(offer=slot_offer, now=now)
            return redirect("operators:appointment_booked", sign_appointment(booked.uuid))
        if answer == "non":
            services.decline_offer(offer=slot_offer, now=now)
        elif answer == "quitter":
            _leave(slot_offer, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("operators:offer", signed)


def _leave(slot_offer: SlotOffer, *, now: datetime) -> None:
    if slot_offer.entry is not None:
        services.leave_waiting_list(entry=slot_offer.entry, now=now)
    elif slot_offer.alert is not None:
        services.stop_earlier(appointment=slot_offer.alert.appointment, now=now)


def _context(slot_offer: SlotOffer, *, now: datetime) -> dict:
    kept, alert = slot_offer.appointment, slot_offer.alert
    state = slot_offer.state
    if state == OfferState.PENDING and slot_offer.expires_at <= now:
        state = OfferState.EXPIRED
    elif state == OfferState.PENDING and kept.state != AppointmentState.ON_HOLD:
        state = OfferState.WITHDRAWN
    asked = slot_offer.entry.service_request if slot_offer.entry else None
    return {
        "offer": slot_offer,
        "state": state,
        "appointment": kept,
        "site": kept.site,
        "minutes": minutes(kept),
        "present": alert.appointment if alert else None,
        "other_adviser": is_other_adviser(slot_offer),
        "still_waits": selectors.still_waits(offer=slot_offer),
        "next_url": (
            reverse("operators:nothing_fits", args=[asked.reference])
            if asked
            else appointment_path(alert.appointment)  # type: ignore[union-attr]  # the page asked for it before
        ),
    }
