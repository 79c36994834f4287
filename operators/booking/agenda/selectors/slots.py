"""The slots: what is free, computed by the database (operators/booking/agenda/sql)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, TypedDict, Unpack

from beneficiaries.request.enums import AccessNeed
from cep_portal.common.compiled import prepared
from cep_portal.territories.models import Commune
from operators.booking.agenda import rules
from operators.booking.agenda.models import Appointment
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site
from procurement.contracts.models import Contract

# The functions of sql/slots.sql: each plan is made once a connection.
FREE_SLOTS = """
    SELECT * FROM operators_free_slots(
        %(contract)s, %(starts)s, %(ends)s, %(now)s, %(level)s, %(mode)s, %(sites)s, %(hours)s, %(step_free)s,
        %(skills)s, %(latitude)s, %(longitude)s, %(max_km)s, %(adviser)s, %(ignored)s,
        %(phone_fits)s, %(near_sites)s
    )
"""
SLOT_TIMES = """
    SELECT * FROM operators_slot_times(
        %(contract)s, %(starts)s, %(ends)s, %(now)s, %(level)s, %(mode)s, %(sites)s, %(hours)s, %(step_free)s,
        %(skills)s, %(latitude)s, %(longitude)s, %(max_km)s, %(adviser)s, %(ignored)s,
        %(phone_fits)s, %(near_sites)s, %(each_site)s, %(most)s
    )
"""
# One engine for many places: the search of each ends at its first line.
NEXT_OF_SITES = """
    SELECT place.id, slot.starts_at, slot.kinds
    FROM unnest(%(sites)s::bigint[], %(contracts)s::bigint[]) AS place (id, contract)
    CROSS JOIN LATERAL operators_slot_times(
        place.contract, %(starts)s, %(ends)s, %(now)s, %(level)s, NULL, ARRAY[place.id], NULL, FALSE,
        %(skills)s, NULL, NULL, NULL, NULL, %(ignored)s, TRUE, NULL, FALSE, 1
    ) AS slot
"""
LEVEL_BITS = ((1, ServiceLevel.ONE.value), (2, ServiceLevel.TWO.value))
MODE_BITS = ((4, Mode.ON_SITE.value), (8, Mode.PHONE.value), (16, Mode.VIDEO.value))
INSTANT = timedelta(microseconds=1)
NEAREST_WINDOW = timedelta(days=8)  # the same hour a week away is near


class SlotFilters(TypedDict, total=False):
    """What narrows a search; each may be left out.

    `site` is one place, `sites` the keys of several, best first; `hours` is before_9, after_18 or
    saturday in the site's local time; `near` with `max_km` keeps the places within a distance.
    `near_sites` are the keys of the places the person may come to; the others receive at a distance.
    `access_needs` keeps, on site, the places without a step, on site or by video the advisers who sign,
    and no hour by phone for who signs, unless a relay stands between (rules.phone_fits).
    """

    level: str | None
    mode: str | None
    site: Site | None
    sites: Sequence[int] | None
    near_sites: Sequence[int] | None
    hours: str | None
    near: Commune | None
    max_km: float | None
    access_needs: Collection[str]
    adviser: Adviser | int | None


class Slot(NamedTuple):
    """A time at which somebody of a site can receive; half-open, instants in UTC.

    `levels` and `modes` are what the free advisers offer between them; a hold checks the pair. Beside each
    of `adviser_ids` stands, in `second_ids`, who receives with them, or None.
    """

    starts_at: datetime
    ends_at: datetime
    site_id: int
    zone: str
    levels: tuple[str, ...]
    modes: tuple[str, ...]
    adviser_ids: tuple[int, ...]
    second_ids: tuple[int | None, ...]
    step: timedelta

    def lead_for(self, adviser_id: int) -> int | None:
        """Who is booked when this adviser receives then: the adviser, or whom they are second of."""
        if adviser_id in self.adviser_ids:
            return adviser_id
        pairs = zip(self.adviser_ids, self.second_ids, strict=True)
        return next((lead for lead, second in pairs if second == adviser_id), None)

    def team(self, adviser_id: int) -> tuple[int, ...]:
        """The adviser and, in a pair, the second one: those whose time a booking takes."""
        second = self.second_ids[self.adviser_ids.index(adviser_id)]
        return (adviser_id,) if second is None else (adviser_id, second)


class SlotTime(NamedTuple):
    """A time to show, without the advisers; `levels` and `modes` are what one free adviser offers then."""

    starts_at: datetime
    ends_at: datetime
    site_id: int
    zone: str
    levels: tuple[str, ...]
    modes: tuple[str, ...]


def free_slots(
    *,
    contract: Contract,
    starts: datetime,
    ends: datetime,
    now: datetime,
    ignored: Collection[int] = (),
    **filters: Unpack[SlotFilters],
) -> list[Slot]:
    """The slots that start in [starts, ends), by time then site; one query whatever the number of advisers.

    The window is cut to the minimum notice and the horizon. `ignored` are the keys of appointments that
    count as free: the one being moved, the hold being replaced. The decision of a hold; a list of
    hours wants `slot_times`, many times faster.
    """
    rows = _rows(FREE_SLOTS, contract, starts, ends, now, {"ignored": ignored}, filters)
    return [_slot(*row) for row in rows]


def slot_times(
    *,
    contract: Contract,
    starts: datetime,
    ends: datetime,
    now: datetime,
    ignored: Collection[int] = (),
    each_site: bool = False,
    most: int | None = None,
    **filters: Unpack[SlotFilters],
) -> list[SlotTime]:
    """The hours at which somebody is free, each once, in order; one query whatever the number of advisers.

    Among several places an hour stands at the first of `sites` that has it (by key without `sites`), and
    the search ends after `most` lines. With `each_site` an hour comes once for each place that has it.
    """
    tail = {"each_site": each_site, "most": most}
    rows = _rows(SLOT_TIMES, contract, starts, ends, now, {"ignored": ignored, **tail}, filters)
    return [
        SlotTime(starts_at, ends_at, site_id, zone, *_offered(kinds))
        for starts_at, ends_at, site_id, zone, kinds in rows
    ]


def _rows(
    query: str,
    contract: Contract,
    starts: datetime,
    ends: datetime,
    now: datetime,
    others: dict[str, Any],
    filters: SlotFilters,
) -> list[tuple]:
    starts, ends = max(starts, rules.earliest_start(now)), min(ends, rules.latest_start(now))
    if starts >= ends:
        return []
    needs = filters.get("access_needs", ())
    site, sites, adviser = filters.get("site"), filters.get("sites"), filters.get("adviser")
    near_sites = filters.get("near_sites")
    max_km = filters.get("max_km")
    near = filters.get("near") if max_km is not None else None
    parameters: dict[str, Any] = {
        "contract": contract.pk,
        "starts": starts,
        "ends": ends,
        "now": now,
        "level": filters.get("level"),
        "mode": filters.get("mode"),
        "sites": [site.pk] if site else None if sites is None else list(sites),
        "hours": filters.get("hours"),
        "step_free": AccessNeed.STEP_FREE in needs,
        "skills": rules.required_skills(needs),
        "phone_fits": rules.phone_fits(needs),
        "near_sites": None if near_sites is None else list(near_sites),
        "latitude": near.latitude if near else None,
        "longitude": near.longitude if near else None,
        "max_km": max_km if near else None,
        "adviser": adviser.pk if isinstance(adviser, Adviser) else adviser,
        **others,
        "ignored": list(others["ignored"]),
    }
    with prepared() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def _slot(
    starts_at: datetime,
    ends_at: datetime,
    site_id: Any,
    zone: Any,
    kinds: Any,
    leads: Any,
    seconds: Any,
    step: Any,
) -> Slot:
    # Two rules of one adviser may meet: alone goes before a pair, which takes the time of two.
    seconds_of: dict[int, int | None] = {}
    for lead, second in sorted(zip(leads, seconds, strict=True), key=lambda pair: (pair[0], pair[1] or 0)):
        seconds_of.setdefault(lead, second)
    return Slot(
        starts_at,
        ends_at,
        site_id,
        zone,
        *_offered(kinds),
        tuple(seconds_of),
        tuple(seconds_of.values()),
        step,
    )


@cache
def _offered(kinds: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same few combinations come thousands of times."""
    return (
        tuple(level for bit, level in LEVEL_BITS if kinds & bit),
        tuple(mode for bit, mode in MODE_BITS if kinds & bit),
    )


def slot_at(
    *,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
    adviser: int | None = None,
    ignored: Collection[int] = (),
    access_needs: Collection[str] = (),
) -> Slot | None:
    """The free slot of a site at an instant, or None; with `adviser`, only if that one is free."""
    slots = free_slots(
        contract=site.contract,
        starts=starts_at,
        ends=starts_at + INSTANT,
        now=now,
        level=level,
        mode=mode,
        site=site,
        adviser=adviser,
        ignored=ignored,
        access_needs=access_needs,
    )
    return slots[0] if slots and slots[0].starts_at == starts_at else None


def slot_of(*, adviser: Adviser, starts_at: datetime, now: datetime) -> Slot | None:
    """The free hour of one adviser at an instant, wherever they open it and for whatever; one query."""
    slots = free_slots(
        contract=adviser.site.contract, starts=starts_at, ends=starts_at + INSTANT, now=now, adviser=adviser
    )
    return slots[0] if slots else None


def modes_of(*, appointment: Appointment, now: datetime) -> tuple[str, ...]:
    """The modes in which its adviser could receive at the very time of an appointment; one query."""
    slots = free_slots(
        contract=appointment.site.contract,
        starts=appointment.starts_at,
        ends=appointment.starts_at + INSTANT,
        now=now,
        level=appointment.level,
        site=appointment.site,
        adviser=appointment.adviser_id,
        ignored=[appointment.pk],
        access_needs=appointment.access_needs,
    )
    return slots[0].modes if slots and slots[0].ends_at >= appointment.ends_at else ()


def next_availability(
    *,
    contract: Contract,
    after: datetime,
    now: datetime,
    ignored: Collection[int] = (),
    **filters: Unpack[SlotFilters],
) -> SlotTime | None:
    """The first free hour from an instant to the horizon, or None; filters of `free_slots`; one query."""
    slots = slot_times(
        contract=contract,
        starts=after,
        ends=rules.latest_start(now),
        now=now,
        ignored=ignored,
        most=1,
        **filters,
    )
    return slots[0] if slots else None


def next_of_sites(*, sites: Sequence[Site], now: datetime) -> dict[int, tuple[datetime, tuple[str, ...]]]:
    """The first free hour of each site for a first meeting, and the modes it has; one query, no line else."""
    parameters: dict[str, Any] = {
        "sites": [site.pk for site in sites],
        "contracts": [site.contract_id for site in sites],
        "starts": rules.earliest_start(now),
        "ends": rules.latest_start(now),
        "now": now,
        "level": ServiceLevel.ONE.value,
        "skills": rules.required_skills(()),
        "ignored": [],
    }
    with prepared() as cursor:
        cursor.execute(NEXT_OF_SITES, parameters)
        rows = cursor.fetchall()
    return {site_id: (starts_at, _offered(kinds)[1]) for site_id, starts_at, kinds in rows}


def nearest_slots(
    *,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
    access_needs: Collection[str] = (),
) -> list[SlotTime]:
    """Up to three free hours of the site closest to a time that is no longer free; one query."""
    around = slot_times(
        contract=site.contract,
        starts=starts_at - NEAREST_WINDOW,
        ends=starts_at + NEAREST_WINDOW,
        now=now,
        level=level,
        mode=mode,
        site=site,
        access_needs=access_needs,
    )
    others = [slot for slot in around if slot.starts_at != starts_at]
    return sorted(others, key=lambda slot: abs(slot.starts_at - starts_at))[:3]
