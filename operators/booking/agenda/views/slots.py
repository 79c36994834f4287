from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.rules import holds_request
from beneficiaries.request.selectors import wished_place
from beneficiaries.request.services import hold_request
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.throttle import throttled
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda import hooks, selectors, services
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.links import appointment_path, sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.asked import asked_or_404
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
    now = timezone.now()
    service_request = asked_or_404(request, reference)
    search = SlotSearch.read(request.GET, offers_any_mode=True)
    wished = wished_place(service_request=service_request, session=request.session)
    if "lieu" not in request.GET:
        search = replace(search, place=wished)
    places = near_places(service_request, search)
    if request.method == "POST" and (wanted := picked(request, places)):
        return _hold(request, service_request, search, wanted, now=now)
    is_holder = holds_request(service_request, user=request.user, session=request.session)
    person = service_request.beneficiary if is_holder else None
    known = selectors.known_adviser(person)
    context = slots_context(service_request, search, places, now=now, known=known)
    coming = selectors.coming_of(beneficiary=person, now=now) if person is not None else []
    context["coming"] = [{"appointment": booked, "url": appointment_path(booked)} for booked in coming]
    context |= {"is_holder": is_holder, "wish_lost": _is_lost(wished, search, places)}
    context["ways_out"] = hooks.ways_out(service_request=service_request, query=search.url(), now=now)
    held = selectors.live_hold(service_request=service_request, now=now)
    if held is not None and (is_holder or str(held.uuid) in request.session.get(HOLDS_KEY, [])):
        context["held"] = held
    return render(request, "operators/booking/agenda/slot_list.html", context)


def _is_lost(wished: str, search: SlotSearch, places: list[NearSite]) -> bool:
    """Whether the place the road began from receives nobody for this request: another operator's, closed."""
    is_asked = search.mode == "sur-place" and search.place == wished != ""
    return is_asked and all(site.site.slug != wished for site in places)


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
            by=request.user if request.user.is_authenticated else None,
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
    if not service_request.is_written:
        hold_request(session=request.session, service_request=held.asked)
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
