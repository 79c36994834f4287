from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.selectors import request_by_reference
from cep_portal.common.access import public
from cep_portal.common.templatetags.french import local, long_day, long_instant
from cep_portal.common.throttle import throttled
from operators.agenda import rules, selectors, services
from operators.agenda.errors import SlotTaken
from operators.agenda.search import (
    HOURS,
    HOURS_LABELS,
    LEVELS,
    MODES,
    SlotSearch,
    filter_groups,
    read_slot,
    slot_days,
    slot_value,
    week_bounds,
)
from operators.network.enums import Mode
from operators.network.selectors import NearSite, sites_near


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("hold", limit=30, seconds=600)
def slot_list(request: HttpRequest, reference: str) -> HttpResponse:
    """When can I be received? Days and hours; a choice holds the slot for ten minutes."""
    service_request = request_by_reference(reference)
    if service_request is None:
        raise Http404
    now = timezone.now()
    search = SlotSearch.read(request.GET)
    places = near_places(service_request, search)
    if request.method == "POST" and (wanted := picked(request, places)):
        return _hold(request, service_request, search, wanted, now=now)
    context = slots_context(service_request, search, places, now=now)
    context["held"] = selectors.live_hold(service_request=service_request, now=now)
    return render(request, "operators/agenda/slot_list.html", context)


def near_places(service_request: ServiceRequest, search: SlotSearch) -> list[NearSite]:
    return sites_near(
        contract=service_request.contract,
        near=service_request.commune,
        step_free=_needs_step_free(service_request, search),
    )


def _needs_step_free(service_request: ServiceRequest, search: SlotSearch) -> bool:
    """Steps matter to who comes, not to who is called."""
    return MODES[search.mode] == Mode.ON_SITE and AccessNeed.STEP_FREE in service_request.access_needs


def picked(request: HttpRequest, places: list[NearSite]):
    """The site and the instant of the button that was pressed; None, with a word, when it means nothing."""
    wanted = read_slot(request.POST.get("creneau", ""))
    site = next((one.site for one in places if wanted and one.site.slug == wanted[1]), None)
    if wanted is None or site is None:
        messages.error(request, "Ce créneau n’existe pas. Choisissez-en un dans la liste.")
        return None
    return site, wanted[0]


def slots_context(
    service_request: ServiceRequest,
    search: SlotSearch,
    places: list[NearSite],
    *,
    now: datetime,
    ignored: tuple[int, ...] = (),
) -> dict:
    """A week of slots as the page shows it: the week asked for, else the first that has any.

    One query, two when the week asked for is empty, three when the present week is.
    """
    zone = service_request.commune.department.zone
    chosen = search.site(places)
    filters = {
        "contract": service_request.contract,
        "level": LEVELS[search.level],
        "mode": MODES[search.mode],
        "site": chosen.site if chosen else None,
        "hours": HOURS.get(search.hours),
        "step_free": _needs_step_free(service_request, search),
        "ignored": ignored,
    }
    monday, slots, upcoming = _week(search, filters, zone=zone, now=now)
    named = search.mode == "sur-place" and chosen is None
    return {
        "service_request": service_request,
        "zone": zone,
        "search": search,
        "groups": (groups := filter_groups(search, places, chosen)),
        "choices": _choices(groups),
        "place": chosen,
        "days": slot_days(slots, places, zone=zone, name_places=named),
        "upcoming": upcoming,
        "week": f"Semaine du {long_day(monday)}",
        **_paging(search, monday, zone=zone, now=now),
        "other_modes": [
            {"label": label, "url": search.url(mode=mode, place="", hours="")}
            for mode, label in (("telephone", "Par téléphone"), ("visio", "En visio"))
            if mode != search.mode
        ],
    }


def _choices(groups: list[dict]) -> list[str]:
    chosen = [item["label"] for group in groups for item in group["items"] if item["current"]]
    return [label for label in chosen if label != HOURS_LABELS[""]]


def _week(search: SlotSearch, filters: dict, *, zone: str, now: datetime):
    """The Monday shown, its slots, and the next availability when there are none."""
    monday = search.monday(zone=zone, now=now)
    starts, ends = week_bounds(monday, zone)
    slots = selectors.free_slots(starts=starts, ends=ends, now=now, **filters)
    following = None if slots else selectors.next_availability(after=ends, now=now, **filters)
    if following is None:
        return monday, slots, None
    day = local(following.starts_at, following.zone).date()
    if search.week is None:
        return _week(replace(search, week=day), filters, zone=zone, now=now)
    upcoming = {"text": long_instant(following.starts_at, following.zone), "url": search.url(week=day)}
    return monday, slots, upcoming


def _paging(search: SlotSearch, monday, *, zone: str, now: datetime) -> dict:
    week = timedelta(days=7)
    first = SlotSearch(week=None).monday(zone=zone, now=now)
    last = SlotSearch(week=rules.latest_start(now).date()).monday(zone=zone, now=now)
    return {
        "before": search.url(week=monday - week) if monday > first else None,
        "after": search.url(week=monday + week) if monday < last else None,
    }


def _hold(request, service_request, search: SlotSearch, wanted, *, now: datetime) -> HttpResponse:
    site, starts_at = wanted
    try:
        held = services.hold_slot(
            service_request=service_request,
            contract=service_request.contract,
            site=site,
            starts_at=starts_at,
            level=LEVELS[search.level],
            mode=MODES[search.mode],
            now=now,
        )
    except SlotTaken as refusal:
        return taken_page(request, refusal, service_request, search)
    return redirect("operators:booking", held.uuid)


def taken_page(
    request: HttpRequest,
    refusal: SlotTaken,
    service_request: ServiceRequest,
    search: SlotSearch,
    *,
    moving: str | None = None,
) -> HttpResponse:
    """Somebody was faster: say so, and offer the three nearest slots of the same place."""
    sites = {one.site.pk: one.site for one in near_places(service_request, search)}
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
        "moving": moving,
    }
    return render(request, "operators/agenda/slot_taken.html", context, status=409)
