from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.services import write_request
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.common.compiled import insert_row, prepared
from cep_portal.common.days import local, local_day
from cep_portal.common.wording.dates import hour, zone_note
from operators.booking.agenda import rules, selectors
from operators.booking.agenda.enums import AppointmentState, Channel, HoldEnd
from operators.booking.agenda.errors import HoldElsewhere, RenewedTooOften, SlotTaken, TransitionRefused
from operators.booking.agenda.gateways import video
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import Fact, Slot
from operators.booking.agenda.services.locks import (
    ADVISER_TWICE,
    lock_adviser_days,
    lock_open,
    violated,
)
from operators.network.models import Site
from procurement.contracts.models import Contract


class _Busy(Exception):
    """This adviser is no longer free: undo, which gives the lock back, and try the next one."""


@dataclass(frozen=True)
class WantedSlot:
    """The hour somebody wants: where, when, at which level, in which way.

    `access_needs` are those of the request when none are given.
    """

    site: Site
    starts_at: datetime
    level: str
    mode: str
    access_needs: Collection[str] | None = None


@transaction.atomic
def hold_slot(
    *,
    service_request: ServiceRequest | None,
    contract: Contract,
    wanted: WantedSlot,
    now: datetime,
    channel: str = Channel.PERSON,
    adviser: int | None = None,
    offer_until: datetime | None = None,
    replaceable: Collection[UUID] | None = None,
) -> Appointment:
    """Keep a slot for PORTAL_HOLD_MINUTES and return the appointment, ON_HOLD.

    The adviser is the one the person knows, else the least loaded of the week, else the lowest id;
    `adviser` wants that one only. A request has one live hold: the former is released. An offer, kept
    until `offer_until`, stands beside it: neither releases the other. The access needs are those of the
    request unless others are given. Raises SlotTaken, with the three nearest free slots, when nobody is free
    any more, and then the former hold stands; HoldElsewhere when the former one is live and not among
    `replaceable` (None: the caller knows the person); AccessNotMet; VideoUnavailable; FileRestricted.
    """
    request = lock_open(service_request)
    if wanted.site.contract_id != contract.pk:
        raise SlotTaken
    video.check_available(wanted.mode)
    former, known = _facts(request)
    former = [] if offer_until is not None else former
    _check_replaceable(former, replaceable, now=now)
    needs = _needs(wanted, request)
    rules.check_access(wanted.site, wanted.mode, needs)

    kept = _kept(wanted, now=now, offer_until=offer_until)
    kept |= {"service_request": request, "channel": channel, "access_needs": sorted(needs)}

    return take_slot(
        wanted=wanted,
        now=now,
        adviser=adviser,
        known=known,
        ignored=[hold.pk for hold in former],
        access_needs=needs,
        insert=lambda adviser_id, chosen: insert_row(
            Appointment(adviser_id=adviser_id, **kept, **periods(chosen))
        ),
    )


@transaction.atomic
def hold_for_request(
    *, service_request: ServiceRequest, wanted: WantedSlot, now: datetime, by: User | None, **how: Any
) -> Appointment:
    """Hold for a request, written by this act when it was under way: both, or neither (ADR 0050).

    Raises NoContractInForce, and what hold_slot raises; `how` is the rest of what it takes.
    """
    written = write_request(service_request=service_request, by=by, now=now)
    return hold_slot(service_request=written, contract=written.contract, wanted=wanted, now=now, **how)


def _kept(wanted: WantedSlot, *, now: datetime, offer_until: datetime | None) -> dict[str, Any]:
    return {
        "site": wanted.site,
        "level": wanted.level,
        "mode": wanted.mode,
        "state": AppointmentState.ON_HOLD,
        "hold_expires_at": offer_until or now + timedelta(minutes=settings.PORTAL_HOLD_MINUTES),
        "is_offer": offer_until is not None,
    }


def _needs(wanted: WantedSlot, request: ServiceRequest | None) -> Collection[str]:
    if wanted.access_needs is not None:
        return wanted.access_needs
    return request.access_needs if request else ()


def _facts(request: ServiceRequest | None) -> tuple[list[Fact], int | None]:
    """The request's holds and the adviser its person knows, in one query."""
    if request is None:
        return [], None
    rows = selectors.holds_and_meetings(service_request=request)
    met = [row for row in rows if row.state != AppointmentState.ON_HOLD]
    known = max(met, key=lambda row: (row.starts_at, row.pk)).adviser_id if met else None
    return [row for row in rows if row.state == AppointmentState.ON_HOLD], known


def _check_replaceable(former: list[Fact], replaceable: Collection[UUID] | None, *, now: datetime) -> None:
    """Whoever only has the reference takes no live hold away from the person."""
    if replaceable is None:
        return
    for hold in former:
        ends_at = hold.hold_expires_at or now
        if ends_at > now and hold.uuid not in replaceable:
            until = f"{hour(local(ends_at, hold.zone))}{zone_note(hold.zone)}"
            raise HoldElsewhere(
                f"Un créneau est déjà retenu pour cette demande, dans un autre navigateur, jusqu’à {until}."
                " Terminez là-bas, ou revenez après cette heure."
            )


def take_slot(
    *,
    wanted: WantedSlot,
    now: datetime,
    adviser: int | None,
    known: int | None,
    insert: Callable[[int, Slot], Appointment],
    ignored: Collection[int] = (),
    also_lock: Collection[tuple[int, date]] = (),
    access_needs: Collection[str] = (),
) -> Appointment:
    """Offer the slot to each free adviser in order: lock, check again, write; SlotTaken when none is left.

    `adviser` wants that one only; `known` comes first.
    The holds among `ignored` end as the slot is taken, and those over that stand in its way. Each try is a
    savepoint, so at most one adviser's day, or those of a pair (plus `also_lock`), is locked at a time: two
    bookings never wait for each other in a circle.
    """
    search: dict[str, Any] = {**vars(wanted), "now": now, "access_needs": access_needs}
    day = local_day(wanted.starts_at, wanted.site.zone)
    for adviser_id, team in _in_order(search, adviser=adviser, known=known, ignored=ignored):
        try:
            with transaction.atomic():
                lock_adviser_days([*((one, day) for one in team), *also_lock], over_bookings=False)
                # waits for one being confirmed: read after
                end_holds(team, wanted.starts_at, ignored, now=now)
                chosen = _still_free(team, ignored=ignored, **search)
                return insert(adviser_id, chosen)
        except _Busy:
            continue
        except IntegrityError as refusal:
            # The exclusion constraint has the last word, even against writers that take no lock.
            if not violated(refusal, ADVISER_TWICE):
                raise
    raise SlotTaken(selectors.nearest_slots(**search))


def _still_free(team: tuple[int, ...], **search: Any) -> Slot:
    chosen = selectors.slot_at(adviser=team[0], **search)
    if chosen is None or chosen.team(team[0]) != team:
        raise _Busy
    return chosen


def _in_order(
    search: dict[str, Any], *, adviser: int | None, known: int | None, ignored: Collection[int]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The free advisers, best first, each with those whose time would be taken.

    Two lengths may start at one hour: when all who offer the first were taken meanwhile, the other's follow.
    """
    tried: set[int] = set()
    while slot := selectors.slot_at(adviser=adviser, ignored=ignored, **search):
        ordered = selectors.advisers_in_order(
            slot=slot,
            week_starts=selectors.week_start(slot),
            known=known,
            access_needs=search["access_needs"],
        )
        left = [adviser_id for adviser_id in ordered if adviser_id not in tried]
        if not left:
            return
        for adviser_id in left:
            tried.add(adviser_id)
            yield adviser_id, slot.team(adviser_id)


def periods(slot: Slot) -> dict:
    """What a slot found for one adviser takes: the time, and of whom else."""
    return {
        "second_adviser_id": slot.second_ids[0],
        "period": DateTimeTZRange(slot.starts_at, slot.ends_at),
        "busy_period": DateTimeTZRange(slot.starts_at, slot.starts_at + slot.step),
    }


def expire(holds: Collection[int], end: HoldEnd = HoldEnd.OVER) -> None:
    """End holds by their keys, offers too; the caller holds what must be locked."""
    withdraw(Appointment.objects.filter(pk__in=holds), end)


def withdraw(appointments: QuerySet[Appointment], end: HoldEnd = HoldEnd.WITHDRAWN) -> int:
    """End the holds among appointments whose hour the service takes back; returns how many."""
    held = appointments.filter(state=AppointmentState.ON_HOLD)
    return held.update(state=AppointmentState.EXPIRED, hold_end=end)


@transaction.atomic
def release_hold(*, appointment: Appointment, now: datetime) -> Appointment:
    """Give a held slot back before its time; nothing happens to one that is booked or over."""
    held = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if rules.hold_is_live(held, now=now):
        held.state, held.hold_end, held.hold_expires_at = AppointmentState.EXPIRED, HoldEnd.RELEASED, now
        held.save(update_fields=["state", "hold_end", "hold_expires_at"])
    return held


@transaction.atomic
def hold_for_person(
    *,
    service_request: ServiceRequest,
    wanted: WantedSlot,
    now: datetime,
    replaceable: Collection[UUID] | None,
    by: User | None = None,
) -> Appointment:
    """Hold a slot for who chooses alone, by the rules of `hold_slot`; a request under way is written with it.

    The slot already held is given back as it stands: two tabs and a double click renew nothing. Taken again
    after its time at most PORTAL_HOLD_RENEWALS times a day, else RenewedTooOften.
    """
    service_request = write_request(service_request=service_request, by=by, now=now)
    request = lock_open(service_request)
    same = Appointment.objects.filter(
        service_request=request,
        site=wanted.site,
        period__startswith=wanted.starts_at,
        state__in=AppointmentState.never_booked,
        is_offer=False,
        hold_expires_at__gt=now - timedelta(days=1),
    )
    held = list(same.order_by("-pk"))
    for hold in held:
        may_replace = replaceable is None or hold.uuid in replaceable
        if may_replace and rules.hold_is_live(hold, now=now) and hold.mode == wanted.mode:
            return hold
    if len(held) > settings.PORTAL_HOLD_RENEWALS:
        raise RenewedTooOften(
            f"Vous avez déjà retenu ce créneau {len(held)} fois sans le réserver. Choisissez-en un autre."
        )
    return hold_slot(
        service_request=service_request,
        contract=service_request.contract,
        wanted=wanted,
        now=now,
        replaceable=replaceable,
    )


def end_holds(
    team: Collection[int], starts_at: datetime, ends: Collection[int] = (), *, now: datetime
) -> None:
    """End some holds and the team's stale ones around a time: the constraint does not read the clock.

    Rows are locked in the order of their keys: two bookings that end each other's holds never cross.
    """
    with prepared() as cursor:
        cursor.execute(
            """
            UPDATE operators_appointment SET state = 'EXPIRED',
                hold_end = CASE WHEN hold_expires_at > %(now)s THEN 'REPLACED' ELSE 'OVER' END,
                hold_expires_at = LEAST(hold_expires_at, %(now)s)
            WHERE id IN (
                SELECT id FROM operators_appointment
                WHERE state = 'ON_HOLD' AND (id = ANY(%(ends)s) OR (
                    (adviser_id = ANY(%(team)s) OR second_adviser_id = ANY(%(team)s))
                    AND hold_expires_at <= %(now)s
                    AND lower(period) > %(start)s - interval '1 day'
                    AND lower(period) < %(start)s + interval '1 day'))
                ORDER BY id FOR NO KEY UPDATE)
            """,
            {"ends": list(ends), "team": list(team), "now": now, "start": starts_at},
        )


@transaction.atomic
def amend_access_needs(*, appointment: Appointment, access_needs: Collection[str]) -> Appointment:
    """What the person needs for this session, said before it is booked.

    Raises AccessNotMet when the place has steps or the adviser does not sign, TransitionRefused when it is
    no longer held, FileRestricted.
    """
    lock_open(appointment.service_request)
    if appointment.beneficiary_id is not None:
        lock_person(appointment.beneficiary_id)
    holds = Appointment.objects.select_for_update(of=("self",)).select_related(
        "site", "adviser", "second_adviser"
    )
    held = holds.get(pk=appointment.pk)
    if held.state not in {AppointmentState.ON_HOLD, AppointmentState.EXPIRED}:
        raise TransitionRefused("Ce créneau n’est plus en attente : rien n’a été changé.")
    rules.check_access(held.site, held.mode, access_needs)
    rules.check_receivers((held.adviser, held.second_adviser), held.mode, access_needs)
    held.access_needs = appointment.access_needs = sorted(access_needs)
    held.save(update_fields=["access_needs"])
    return held


@transaction.atomic
def expire_holds(*, now: datetime) -> int:
    """Mark the holds whose time is over; returns how many. Rows somebody is confirming are left alone."""
    over = (
        Appointment.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=AppointmentState.ON_HOLD, hold_expires_at__lte=now)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return withdraw(Appointment.objects.filter(pk__in=list(over)), HoldEnd.OVER)
