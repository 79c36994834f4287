"""Who could receive in the place of an adviser, and when else: read before an absence, and as it is laid."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from cep_portal.territories.rules import is_near
from operators.booking.agenda import rules, selectors
from operators.booking.agenda.enums import CancelReason, ReplacementState
from operators.booking.agenda.models import Appointment, Replacement
from operators.booking.agenda.selectors import NEAREST_WINDOW, Slot
from operators.network.enums import Mode
from operators.network.models import Adviser, Site

PROPOSED = 3
NEAR_KM = 30  # another site is proposed within it when one's own is closed


@dataclass(frozen=True)
class Consequence:
    """What would become of one booking: a colleague at the same hour, else other slots, else a call."""

    appointment: Appointment
    colleague: Adviser | None
    slots: tuple[Slot, ...]


def booked_in(
    *, adviser: Adviser, starts_at: datetime, ends_at: datetime | None, now: datetime
) -> QuerySet[Appointment]:
    """The bookings to come of an adviser, alone or in a pair, that touch a period; without an end, all.

    A session under way is being held: it goes on, and is logged.
    """
    period = DateTimeTZRange(starts_at, ends_at)
    theirs = Appointment.objects.to_come(now).filter(
        Q(adviser=adviser) | Q(second_adviser=adviser), period__overlap=period
    )
    return _whole(theirs)


def booked_on(*, site: Site, first_on: date, last_on: date, now: datetime) -> QuerySet[Appointment]:
    """The bookings to come at a site on local days, both included."""
    zone, end = ZoneInfo(site.zone), last_on + timedelta(days=1)
    period = DateTimeTZRange(
        datetime(first_on.year, first_on.month, first_on.day, tzinfo=zone),
        datetime(end.year, end.month, end.day, tzinfo=zone),
    )
    there = Appointment.objects.to_come(now).filter(site=site, period__overlap=period)
    return _whole(there)


def _whole(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    whole = appointments.select_related("site__commune", "site__contract", "beneficiary", "service_request")
    return whole.order_by("period", "pk")


def consequences(
    *,
    adviser: Adviser,
    starts_at: datetime,
    ends_at: datetime | None,
    first: Adviser | None = None,
    now: datetime,
) -> list[Consequence]:
    """What an absence would do to each booking, in time order, as laying it would decide.

    Without an end, what a departure would do.
    """
    until = None if ends_at is None else max(ends_at, now)
    booked = booked_in(adviser=adviser, starts_at=max(starts_at, now), ends_at=until, now=now)
    given: dict[Appointment, Adviser] = {}
    taken: set[tuple[int, datetime]] = set()
    for appointment in booked:
        free = [
            pk
            for pk in colleagues(appointment, first=first, now=now)
            if (pk, appointment.starts_at) not in taken
        ]
        if free:
            given[appointment] = Adviser.objects.select_related("user").get(pk=free[0])
            taken.add((free[0], appointment.starts_at))

    def gone(slot: Slot) -> bool:
        left = {pk for pk in slot.adviser_ids if (pk, slot.starts_at) not in taken}
        inside = (ends_at is None or slot.starts_at < ends_at) and slot.ends_at > starts_at
        return not (left - {adviser.pk} if inside else left)

    return [
        Consequence(
            appointment,
            given.get(appointment),
            ()
            if appointment in given
            else tuple(other_slots(appointment, reason=CancelReason.ADVISER_AWAY, now=now, gone=gone)),
        )
        for appointment in booked
    ]


def colleagues(appointment: Appointment, *, first: Adviser | None = None, now: datetime) -> list[int]:
    """Who could receive this person at this very hour, site, level and mode, least loaded first.

    `first` comes before them when free: who follows the person from now on. A pair is not replaced by one,
    and who was invited and never signed in is no colleague yet. One query more when somebody is free.
    """
    slot = slot_with(appointment, adviser=None, now=now)
    if slot is None or appointment.second_adviser_id is not None:
        return []
    ordered = selectors.advisers_in_order(
        slot=slot,
        week_starts=selectors.week_start(slot),
        known=None,
        access_needs=appointment.access_needs,
    )
    able = [pk for pk in ordered if pk != appointment.adviser_id and slot.team(pk) == (pk,)]
    if able:
        come = set(Adviser.objects.filter(pk__in=able).have_come().values_list("pk", flat=True))
        able = [pk for pk in able if pk in come]
    return sorted(able, key=lambda pk: first is None or pk != first.pk)


def slot_with(appointment: Appointment, *, adviser: int | None, now: datetime) -> Slot | None:
    """The free slot at the time of an appointment, as long as planned at least (RDV-SP PR 5241).

    The public's notice does not bind the service.
    """
    notice = timedelta(hours=settings.PORTAL_MINIMUM_NOTICE_HOURS)
    slot = selectors.slot_at(
        site=appointment.site,
        starts_at=appointment.starts_at,
        level=appointment.level,
        mode=appointment.mode,
        now=min(now, appointment.starts_at - notice),
        adviser=adviser,
        access_needs=appointment.access_needs,
    )
    return slot if slot is not None and slot.ends_at >= appointment.ends_at else None


def other_slots(
    appointment: Appointment,
    *,
    reason: str,
    now: datetime,
    gone: Callable[[Slot], bool] = lambda _: False,
    also: Iterable[datetime] = (),
) -> list[Slot]:
    """The three free slots closest to the hour that is lost; those of `also` come first while still free.

    An hour already proposed to as many others as can be received then comes after all that are not: people
    told together are spread over hours. One query more.

    At the same site for who comes; when it is closed, within NEAR_KM and on the same side of the sea;
    anywhere for who is called.
    """
    site: Site = appointment.site
    stays = appointment.mode == Mode.ON_SITE and reason != CancelReason.SITE_CLOSED
    nearby = appointment.mode == Mode.ON_SITE and not stays
    around = selectors.free_slots(
        contract=site.contract,
        starts=appointment.starts_at - NEAREST_WINDOW,
        ends=max(appointment.starts_at, rules.earliest_start(now)) + NEAREST_WINDOW,
        now=now,
        level=appointment.level,
        mode=appointment.mode,
        site=site if stays else None,
        near=site.commune if nearby else None,
        max_km=NEAR_KM if nearby else None,
        near_sites=_same_shore(site) if nearby else None,
        access_needs=appointment.access_needs,
    )
    promised = set(also)
    hours: dict[datetime, Slot] = {}
    for slot in around:
        if not gone(slot):
            hours.setdefault(slot.starts_at, slot)  # an hour is shown once, whatever the sites
    told = _told_of(appointment, hours)
    ranked = sorted(
        hours.values(),
        key=lambda slot: (
            slot.starts_at not in promised,
            told[slot.starts_at] // len(slot.adviser_ids),
            abs(slot.starts_at - appointment.starts_at),
        ),
    )
    return sorted(ranked[:PROPOSED], key=lambda slot: slot.starts_at)


def _told_of(appointment: Appointment, hours: Collection[datetime]) -> Counter[datetime]:
    """To how many other people each hour is proposed at present, under the same contract and the same way."""
    proposed = Replacement.objects.filter(
        state=ReplacementState.SLOTS,
        appointment__site__contract=appointment.site.contract_id,
        slots__overlap=list(hours),
    )
    others = proposed.exclude(appointment=appointment.pk).order_by("pk").values_list("slots", flat=True)
    return Counter(starts_at for slots in others for starts_at in slots)


def _same_shore(site: Site) -> list[int]:
    others = Site.objects.filter(contract=site.contract_id).select_related("commune")
    return [other.pk for other in others if is_near(site.commune, other.commune)]
