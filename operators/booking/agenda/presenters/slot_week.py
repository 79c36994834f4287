"""A week of slots as a page shows it, for the person's own page and the desks."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages

from beneficiaries.request.enums import AccessNeed, RequestState
from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.models import SignedRequest, User
from cep_portal.common.days import local, local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.wording.dates import long_day, long_instant
from cep_portal.territories.rules import is_near
from operators.booking.agenda import rules, selectors
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_needs import met_needs, needs_shown
from operators.booking.agenda.presenters.slot_search import (
    ANY_MODE,
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
from operators.booking.agenda.selectors import SlotTime
from operators.booking.agenda.services import WantedSlot, hold_for_request
from operators.booking.agenda.wording import minutes
from operators.network.enums import Mode
from operators.network.models import Site
from operators.network.selectors import NearSite, sites_near


def near_places(service_request: ServiceRequest, search: SlotSearch) -> list[NearSite]:
    """The places of a search, the closest first; on site, none further than 100 km nor over the sea."""
    places = sites_near(
        contract=service_request.contract,
        near=service_request.commune,
        step_free=_needs_step_free(service_request, search),
    )
    if MODES.get(search.mode) != Mode.ON_SITE:
        return places
    return [place for place in places if is_near(service_request.commune, place.site.commune)]


def _needs_step_free(service_request: ServiceRequest, search: SlotSearch) -> bool:
    """Steps matter to who comes, not to who is called."""
    return MODES.get(search.mode) == Mode.ON_SITE and AccessNeed.STEP_FREE in met_needs(
        service_request, search
    )


def _reached(service_request: ServiceRequest, places: list[NearSite]) -> list[int]:
    """The places the person may come to; the others receive at a distance."""
    return [place.site.pk for place in places if is_near(service_request.commune, place.site.commune)]


def slots_context(
    service_request: ServiceRequest,
    search: SlotSearch,
    places: list[NearSite],
    *,
    now: datetime,
    moving: Appointment | None = None,
    known: int | None = None,
    lets_go: bool = True,
) -> dict:
    """A week of slots as the page shows it: the week asked for, else the first that has any.

    One query, two when the week asked for is empty, three when the present week is; one more to mark the
    hours of the adviser the person knows, who must have proved who they are. The time of the appointment
    that is `moving` is free for its own person, its very hour is not offered as another. `lets_go`: the hour
    is held for the needs of this search, so the person may let one go.
    """
    zone = service_request.commune.department.zone
    chosen = search.site(places)
    filters = _filters(service_request, search, places, moving=moving, known=known)
    monday, slots, upcoming = _week(search, filters, moving, zone=zone, now=now)
    with_known = _hours_of(known, monday, filters, zone=zone, now=now) if known and slots else set()
    return {
        "service_request": service_request,
        "zone": zone,
        "search": search,
        "groups": (groups := filter_groups(search, places, chosen)),
        "choices": _choices(groups),
        "place": chosen,
        "needs": needs_shown(
            service_request,
            search,
            is_empty=not slots and upcoming is None,
            has_places=bool(places),
            lets_go=lets_go,
        ),
        "own_adviser": _own_adviser(search, known),
        "step_free_only": _needs_step_free(service_request, search),
        "days": _days(search, slots, places, with_known, zone=zone),
        "upcoming": upcoming,
        "week": f"Semaine du {long_day(monday)}",
        **_paging(search, monday, zone=zone, now=now),
        "other_modes": _other_modes(search),
    }


def _days(
    search: SlotSearch,
    slots: list[SlotTime],
    places: list[NearSite],
    with_known: set[tuple[datetime, int]],
    *,
    zone: str,
) -> list:
    return slot_days(
        slots,
        places,
        zone=zone,
        name_places=search.mode == "sur-place" and search.site(places) is None,
        any_mode=search.mode == ANY_MODE,
        with_known=with_known,
        whose=search.whose,
    )


def _filters(
    service_request: ServiceRequest,
    search: SlotSearch,
    places: list[NearSite],
    *,
    moving: Appointment | None,
    known: int | None,
) -> dict:
    """What `selectors.slot_times` takes of a search."""
    chosen = search.site(places)
    filters = {
        "contract": service_request.contract,
        "level": LEVELS[search.level],
        "mode": MODES.get(search.mode),
        "sites": [site.site.pk for site in ([chosen] if chosen else places)],
        "hours": HOURS.get(search.hours),
        "access_needs": met_needs(service_request, search),
        "near_sites": _reached(service_request, places),
        "ignored": (moving.pk,) if moving else (),
    }
    return filters | ({"adviser": known} if known and search.own_adviser else {})


def _other_modes(search: SlotSearch) -> list[dict]:
    return [
        {"label": label, "url": search.url(mode=mode, place="", hours="")}
        for mode, label in (("telephone", "Par téléphone"), ("visio", "En visio"))
        if mode != search.mode
    ]


def _own_adviser(search: SlotSearch, known: int | None) -> dict | None:
    """Whether the hours of the adviser the person knows stand alone, and the way to all of them, or back."""
    if not known:
        return None
    return {
        "is_alone": search.own_adviser,
        "is_me": search.at_desk is not None,
        "other_url": search.url(own_adviser=not search.own_adviser),
    }


def _hours_of(
    known: int, monday: date, filters: dict, *, zone: str, now: datetime
) -> set[tuple[datetime, int]]:
    starts, ends = week_bounds(monday, zone)
    theirs = selectors.slot_times(
        starts=starts, ends=ends, now=now, **{**filters, "adviser": known}, each_site=True
    )
    return {(slot.starts_at, slot.site_id) for slot in theirs}


def _choices(groups: list[dict]) -> list[str]:
    chosen = [item["label"] for group in groups for item in group["items"] if item["current"]]
    return [label for label in chosen if label != HOURS_LABELS[""]]


def _week(search: SlotSearch, filters: dict, moving: Appointment | None, *, zone: str, now: datetime) -> Any:
    """The Monday shown, its slots, and the next availability when there are none."""
    monday = search.monday(zone=zone, now=now)
    starts, ends = week_bounds(monday, zone)
    slots = selectors.slot_times(starts=starts, ends=ends, now=now, **filters)
    if moving is not None:
        slots = [slot for slot in slots if not _is_own(moving, slot, filters)]
    following = None if slots else selectors.next_availability(after=ends, now=now, **filters)
    if following is None:
        return monday, slots, None
    day = local_day(following.starts_at, following.zone)
    if search.week is None:
        return _week(replace(search, week=day), filters, moving, zone=zone, now=now)
    upcoming = {"text": long_instant(following.starts_at, following.zone), "url": search.url(week=day)}
    return monday, slots, upcoming


def _is_own(moving: Appointment, slot: SlotTime, filters: dict) -> bool:
    return rules.is_own_hour(
        moving,
        site_id=slot.site_id,
        starts_at=slot.starts_at,
        mode=filters["mode"] or moving.mode,
        level=filters["level"],
    )


def _paging(search: SlotSearch, monday: date, *, zone: str, now: datetime) -> dict:
    week = timedelta(days=7)
    first = SlotSearch(week=None).monday(zone=zone, now=now)
    last = SlotSearch(week=rules.latest_start(now).date()).monday(zone=zone, now=now)
    return {
        "before": search.url(week=monday - week) if monday > first else None,
        "after": search.url(week=monday + week) if monday < last else None,
    }


def chosen_slot(value: str, places: list[NearSite]) -> tuple[Site, datetime] | None:
    """The site and the instant of the button that was pressed; None when it means nothing."""
    wanted = read_slot(value)
    site = next((site.site for site in places if wanted and site.site.slug == wanted[1]), None)
    return (site, wanted[0]) if wanted and site else None


def nearest_choices(refusal: SlotTaken, places: list[NearSite]) -> list[dict]:
    """The slots around the one that was taken, as buttons."""
    sites = {site.site.pk: site.site for site in places}
    return [
        {
            "value": slot_value(slot.starts_at, sites[slot.site_id].slug),
            "label": long_instant(slot.starts_at, slot.zone),
        }
        for slot in refusal.nearest
        if slot.site_id in sites
    ]


@dataclass(frozen=True)
class Held:
    """What pressing a slot gave: the hold, or why not and the slots around."""

    hold: Appointment | None = None
    refusal: str = ""
    nearest: tuple[dict, ...] = ()

    @property
    def status(self) -> int:
        """Of the page that says it: 409 when somebody was faster."""
        return 409 if self.nearest else 200


def hold_chosen(
    request: SignedRequest,
    *,
    service_request: ServiceRequest,
    search: SlotSearch,
    places: list[NearSite],
    channel: str,
    now: datetime,
) -> Held:
    """Hold the slot whose button was pressed, with somebody at the desk beside the person; say a refusal."""
    if request.method != "POST":
        return Held()
    chosen = chosen_slot(request.POST.get("creneau", ""), places)
    held = _hold(chosen, service_request, search, places, channel=channel, by=request.user, now=now)
    if held.refusal:
        messages.error(request, held.refusal)
    return held


def _hold(
    chosen: tuple[Site, datetime] | None,
    service_request: ServiceRequest,
    search: SlotSearch,
    places: list[NearSite],
    *,
    channel: str,
    by: User,
    now: datetime,
) -> Held:
    if chosen is None:
        return Held(refusal="Ce créneau n’existe pas. Choisissez-en un dans la liste.")
    site, starts_at = chosen
    try:
        hold = hold_for_request(
            service_request=service_request,
            by=by,
            wanted=WantedSlot(
                site=site,
                starts_at=starts_at,
                level=LEVELS[search.level],
                mode=MODES[search.mode],
                access_needs=met_needs(service_request, search),
            ),
            now=now,
            channel=channel,
            adviser=search.at_desk if search.own_adviser else None,
        )
    except SlotTaken as refusal:
        return Held(refusal=str(refusal), nearest=tuple(nearest_choices(refusal, places)))
    except DomainError as refusal:
        return Held(refusal=str(refusal))
    return Held(hold)


def held_context(held: Appointment, *, slots_url: str, now: datetime) -> dict:
    """What `held.html` says: what is held, until when, whoever sits at the screen."""
    ends = held.hold_expires_at or now
    return {
        "held": held,
        "site": held.site,
        "minutes": minutes(held),
        "is_live": rules.hold_is_live(held, now=now),
        "hold_end": held.hold_end,
        "has_booking": held.asked.state == RequestState.SCHEDULED,
        "expires_at": local(ends, held.site.zone),
        "seconds_left": str(max(0, int((ends - now).total_seconds()))),
        "needs": [AccessNeed(need).label for need in held.access_needs],
        "slots_url": slots_url,
    }
