from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.territories.models import Commune
from operators.agenda import rules
from operators.agenda.enums import AppointmentState
from operators.agenda.models import Absence, Appointment, OpeningRule
from operators.network.models import Adviser, Site
from procurement.contracts.models import Contract

FREE_SLOTS = (Path(__file__).parent / "free_slots.sql").read_text(encoding="utf-8")
INSTANT = timedelta(microseconds=1)
NEAREST_WINDOW = timedelta(days=8)  # the same hour a week away is near


class Slot(NamedTuple):
    """A time at which somebody of a site can receive; half-open, instants in UTC.

    `levels` and `modes` are what the free advisers offer between them; a hold checks the pair.
    """

    starts_at: datetime
    ends_at: datetime
    site_id: int
    zone: str
    levels: tuple[str, ...]
    modes: tuple[str, ...]
    adviser_ids: tuple[int, ...]
    step: timedelta


def free_slots(
    *,
    contract: Contract,
    starts: datetime,
    ends: datetime,
    now: datetime,
    level: str | None = None,
    mode: str | None = None,
    site: Site | None = None,
    hours: str | None = None,
    near: Commune | None = None,
    max_km: float | None = None,
    step_free: bool = False,
    adviser: Adviser | int | None = None,
    ignored: Collection[int] = (),
    most: int | None = None,
) -> list[Slot]:
    """The slots that start in [starts, ends), by time then site; one query whatever the number of advisers.

    The window is cut to the minimum notice and the horizon. `hours` is before_9, after_18 or saturday, in
    the site's local time; `near` with `max_km` keeps the sites within a distance, `step_free` those without
    a step; `ignored` are the keys of appointments that count as free: the one being moved, the hold being
    replaced.
    """
    starts, ends = max(starts, rules.earliest_start(now)), min(ends, rules.latest_start(now))
    if starts >= ends:
        return []
    near_by = near if max_km is not None else None
    parameters: dict[str, Any] = {
        "contract": contract.pk,
        "starts": starts,
        "ends": ends,
        "now": now,
        "level": level,
        "mode": mode,
        "site": site.pk if site else None,
        "hours": hours,
        "step_free": step_free,
        "latitude": near_by.latitude if near_by else None,
        "longitude": near_by.longitude if near_by else None,
        "max_km": max_km if near_by else None,
        "adviser": adviser.pk if isinstance(adviser, Adviser) else adviser,
        "ignored": list(ignored),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREE_SLOTS, parameters)
        return [_slot(row) for row in cursor.fetchall()]


def _slot(row) -> Slot:
    starts_at, ends_at, site_id, zone, levels, modes, adviser_ids, step = row
    # Two rules of one adviser may meet.
    advisers = tuple(adviser_ids) if len(adviser_ids) == 1 else tuple(sorted(set(adviser_ids)))
    return Slot(starts_at, ends_at, site_id, zone, _codes(levels), _codes(modes), advisers, step)


@cache
def _codes(joined: str) -> tuple[str, ...]:
    """The same few combinations come thousands of times."""
    return tuple(joined.split(","))


def slot_at(
    *,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
    adviser: int | None = None,
    ignored: Collection[int] = (),
) -> Slot | None:
    """The free slot of a site at an instant, or None; with `adviser`, only if that one is free."""
    found = free_slots(
        contract=site.contract,
        starts=starts_at,
        ends=starts_at + INSTANT,
        now=now,
        level=level,
        mode=mode,
        site=site,
        adviser=adviser,
        ignored=ignored,
        most=1,
    )
    return found[0] if found and found[0].starts_at == starts_at else None


def modes_of(*, appointment: Appointment, now: datetime) -> tuple[str, ...]:
    """The modes in which its adviser could receive at the very time of an appointment; one query."""
    found = free_slots(
        contract=appointment.site.contract,
        starts=appointment.starts_at,
        ends=appointment.starts_at + INSTANT,
        now=now,
        level=appointment.level,
        site=appointment.site,
        adviser=appointment.adviser_id,
        ignored=[appointment.pk],
        most=1,
    )
    return found[0].modes if found and found[0].ends_at >= appointment.ends_at else ()


def next_availability(*, contract: Contract, after: datetime, now: datetime, **filters) -> Slot | None:
    """The first free slot from an instant to the horizon, or None; filters of `free_slots`; one query."""
    found = free_slots(
        contract=contract,
        starts=after,
        ends=rules.latest_start(now),
        now=now,
        most=1,
        **filters,
    )
    return found[0] if found else None


def nearest_slots(*, site: Site, starts_at: datetime, level: str, mode: str, now: datetime) -> list[Slot]:
    """Up to three free slots of the site closest to a time that is no longer free; one query."""
    around = free_slots(
        contract=site.contract,
        starts=starts_at - NEAREST_WINDOW,
        ends=starts_at + NEAREST_WINDOW,
        now=now,
        level=level,
        mode=mode,
        site=site,
    )
    others = [slot for slot in around if slot.starts_at != starts_at]
    return sorted(others, key=lambda slot: abs(slot.starts_at - starts_at))[:3]


def holds_and_meetings(*, service_request: ServiceRequest) -> list[Appointment]:
    """The holds of a request, offers apart, and the meetings of its person, past and to come; one query."""
    holds = Q(service_request=service_request, state=AppointmentState.ON_HOLD, is_offer=False)
    meetings = Q(
        beneficiary=service_request.beneficiary_id,
        state__in=[AppointmentState.ATTENDED, AppointmentState.BOOKED],
    )
    wanted = holds | meetings if service_request.beneficiary_id else holds
    return list(Appointment.objects.filter(wanted).select_related("site").order_by("pk"))


def known_adviser(beneficiary: Beneficiary | None) -> int | None:
    """The adviser who received this person last, or is due to: offered first, so the story is told once."""
    if beneficiary is None:
        return None
    met = Appointment.objects.filter(
        beneficiary=beneficiary,
        state__in=[AppointmentState.ATTENDED, AppointmentState.BOOKED],
    )
    return met.order_by("-period", "-pk").values_list("adviser_id", flat=True).first()


def advisers_in_order(*, slot: Slot, week_starts: datetime, known: int | None) -> list[int]:
    """The free advisers of a slot: known one first, then least loaded that local week, then lowest id."""
    if len(slot.adviser_ids) == 1:
        return list(slot.adviser_ids)
    that_week = Q(
        appointments__state__in=AppointmentState.live,
        appointments__period__startswith__gte=week_starts,
        appointments__period__startswith__lt=week_starts + timedelta(days=7),
    )
    loaded = (
        Adviser.objects.filter(pk__in=slot.adviser_ids)
        .annotate(load=Count("appointments", filter=that_week))
        .order_by("load", "pk")
        .values_list("pk", flat=True)
    )
    return sorted(loaded, key=lambda pk: pk != known)


def live_hold(*, service_request: ServiceRequest, now: datetime) -> Appointment | None:
    return (
        Appointment.objects.filter(
            service_request=service_request,
            state=AppointmentState.ON_HOLD,
            is_offer=False,  # an offer is for who has its link
            hold_expires_at__gt=now,
        )
        .select_related("site__commune")
        .order_by("-pk")
        .first()
    )


def coming_of_request(*, service_request: ServiceRequest, now: datetime) -> Appointment | None:
    """The next booked appointment of a request, or None."""
    return (
        Appointment.objects.filter(
            service_request=service_request, state=AppointmentState.BOOKED, period__endswith__gt=now
        )
        .order_by("period", "pk")
        .first()
    )


def next_appointment(*, beneficiary: Beneficiary, now: datetime) -> Appointment | None:
    return (
        Appointment.objects.filter(
            beneficiary=beneficiary,
            state=AppointmentState.BOOKED,
            period__endswith__gt=now,
        )
        .select_related("site__commune")
        .order_by("period", "pk")
        .first()
    )


def opening_rules(*, adviser: Adviser, on) -> QuerySet[OpeningRule]:
    """What an adviser opens on or after a day, by week day and hour."""
    return (
        adviser.opening_rules.filter(Q(last_on__isnull=True) | Q(last_on__gte=on))
        .select_related("site")
        .order_by("weekday", "opens", "pk")
    )


def coming_absences(*, adviser: Adviser, now: datetime) -> QuerySet[Absence]:
    return adviser.absences.filter(period__endswith__gt=now).order_by(F("period").asc(), "pk")
