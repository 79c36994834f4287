from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.rules import holds_request
from beneficiaries.request.selectors import request_to_act_on
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.throttle import throttled
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda import hooks, selectors, services
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.links import appointment_path, sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_needs import met_needs
from operators.booking.agenda.presenters.slot_search import (
    LEVELS,
    MODES,
    SlotSearch,
    mode_in,
    read_slot,
    slot_value,
)
from operators.booking.agenda.presenters.slot_week import near_places, slots_context
from operators.booking.agenda.services import WantedSlot
from operators.network.selectors import NearSite

HOLDS_KEY, HOLDS_KEPT = "holds", 20  # the holds this browser made: it may change its mind


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("hold", limit=30, seconds=600)
def slot_list(request: HttpRequest, reference: str) -> HttpResponse:
    """When can I be received? Days and hours; a choice holds the slot for ten minutes."""
    service_request = request_to_act_on(reference)
    if service_request is None:
        raise Http404
    now = timezone.now()
    search = SlotSearch.read(request.GET, offers_any_mode=True)
    places = near_places(service_request, search)
    if request.method == "POST" and (wanted := picked(request, places)):
        return _hold(request, service_request, search, wanted, now=now)
    is_holder = holds_request(service_request, user=request.user, session=request.session)
    known = selectors.known_adviser(service_request.beneficiary) if is_holder else None
    context = slots_context(service_request, search, places, now=now, known=known)
    context["ways_out"] = hooks.ways_out(service_request=service_request, query=search.url(), now=now)
    held = selectors.live_hold(service_request=service_request, now=now)
    if held is not None and (is_holder or str(held.uuid) in request.session.get(HOLDS_KEY, [])):
        context["held"] = held
    return render(request, "operators/booking/agenda/slot_list.html", context)


def picked(request: HttpRequest, places: list[NearSite]) -> Any:
    """The site and the instant of the button that was pressed; None, with a word, when it means nothing."""
    wanted = read_slot(request.POST.get("creneau", ""))
    site = next((site.site for site in places if wanted and site.site.slug == wanted[1]), None)
    if wanted is None or site is None:
        messages.error(request, "Ce créneau n’existe pas. Choisissez-en un dans la liste.")
        return None
    return site, wanted[0]


def _hold(
    request: HttpRequest, service_request: ServiceRequest, search: SlotSearch, wanted: Any, *, now: datetime
) -> HttpResponse:
    site, starts_at = wanted
    asked = search
    if (mode := mode_in(request.POST["creneau"])) is not None:
        search = replace(search, mode=mode)
    if search.mode not in MODES:
        messages.error(request, "Ce créneau n’existe pas. Choisissez-en un dans la liste.")
        return redirect(reverse("operators:slot_list", args=[service_request.reference]))
    own = request.session.get(HOLDS_KEY, [])
    is_holder = holds_request(service_request, user=request.user, session=request.session)
    try:
        held = services.hold_for_person(
            service_request=service_request,
            wanted=WantedSlot(
                site=site,
                starts_at=starts_at,
                level=LEVELS[search.level],
                mode=MODES[search.mode],
                access_needs=met_needs(service_request, search),
            ),
            now=now,
            replaceable=None if is_holder else [UUID(one) for one in own],
        )
    except SlotTaken as refusal:
        return taken_page(request, refusal, service_request, search)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        page = reverse("operators:slot_list", args=[service_request.reference])
        return redirect(page + asked.url())
    request.session[HOLDS_KEY] = [*own, str(held.uuid)][-HOLDS_KEPT:]
    return redirect("operators:booking", held.uuid)


def taken_page(
    request: HttpRequest,
    refusal: SlotTaken,
    service_request: ServiceRequest,
    search: SlotSearch,
    *,
    moving: Appointment | None = None,
) -> HttpResponse:
    """Nobody offers it any more: say so, and give the three nearest slots of the same place.

    The page goes on with the move of an appointment when one is `moving`, or back to it.
    """
    sites = {site.site.pk: site.site for site in near_places(service_request, search)}
    nearest = [
        {
            "value": slot_value(slot.starts_at, sites[slot.site_id].slug),
            "label": long_instant(slot.starts_at, slot.zone),
        }
        for slot in refusal.nearest
        if slot.site_id in sites
    ]
    context = {
        "refusal": str(refusal),
        "nearest": nearest,
        "service_request": service_request,
        "search_url": search.url(),
        "moving": reverse("operators:appointment_move", args=[sign(moving.uuid)]) if moving else None,
        "own_url": appointment_path(moving) if moving else None,
    }
    return render(request, "operators/booking/agenda/slot_taken.html", context, status=409)
