from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from beneficiaries.request.models import ServiceRequest
from operators.agenda import selectors
from operators.agenda.enums import AppointmentState, Channel
from operators.agenda.errors import SlotTaken
from operators.agenda.models import Appointment
from operators.agenda.selectors import Slot
from operators.agenda.services.locks import (
    ADVISER_TWICE,
    lock_adviser_days,
    lock_request,
    violated,
)
from operators.network.models import Site
from procurement.contracts.models import Contract


class _Busy(Exception):
    """This adviser is no longer free: undo, which gives the lock back, and try the next one."""


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


@transaction.atomic
def hold_slot(
    *,
    service_request: ServiceRequest | None,
    contract: Contract,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
    channel: str = Channel.PERSON,
    adviser: int | None = None,
    offer_until: datetime | None = None,
) -> Appointment:
    """Keep a slot for PORTAL_HOLD_MINUTES and return the appointment, ON_HOLD.

    The adviser is the one the person knows, else the least loaded of the week, else the lowest id;
    `adviser` wants that one only. A request has one live hold: the former is released. An offer, kept
    until `offer_until`, stands beside it: neither releases the other. Raises SlotTaken, with
    the three nearest free slots, when nobody is free any more, and then the former hold stands.
    """
    if site.contract_id != contract.pk:
        raise SlotTaken
    request = lock_request(service_request)
    former = _holds_of(request) if offer_until is None else []
    slot = selectors.slot_at(
        site=site,
        starts_at=starts_at,
        level=level,
        mode=mode,
        now=now,
        adviser=adviser,
        ignored=former,
    )

    def insert(adviser_id: int, chosen: Slot) -> Appointment:
        expire(former)
        return Appointment.objects.create(
            adviser_id=adviser_id,
            site=site,
            service_request=request,
            level=level,
            mode=mode,
            state=AppointmentState.ON_HOLD,
            channel=channel,
            hold_expires_at=offer_until or now + timedelta(minutes=settings.PORTAL_HOLD_MINUTES),
            is_offer=offer_until is not None,
            **periods(chosen),
        )

    return take_slot(
        slot=slot,
        site=site,
        starts_at=starts_at,
        level=level,
        mode=mode,
        now=now,
        known=selectors.known_adviser(request.beneficiary if request else None),
        ignored=former,
        insert=insert,
    )


def take_slot(
    *,
    slot: Slot | None,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
    known: int | None,
    insert: Callable[[int, Slot], Appointment],
    ignored: Collection[int] = (),
    also_lock: Collection[tuple[int, date]] = (),
) -> Appointment:
    """Offer the slot to each free adviser in order: lock, check again, write; SlotTaken when none is left.

    Each try is a savepoint, so at most one adviser's day (plus `also_lock`) is locked at a time: two
    bookings never wait for each other in a circle.
    """
    for adviser_id in _in_order(slot, known):
        try:
            with transaction.atomic():
                day = local_day(starts_at, site.zone)
                lock_adviser_days([(adviser_id, day), *also_lock])
                chosen = selectors.slot_at(
                    site=site,
                    starts_at=starts_at,
                    level=level,
                    mode=mode,
                    now=now,
                    adviser=adviser_id,
                    ignored=ignored,
                )
                _expire_stale(adviser_id, starts_at, now=now)
                return _insert_once(insert, adviser_id, chosen)
        except _Busy:
            continue
    raise SlotTaken(selectors.nearest_slots(site=site, starts_at=starts_at, level=level, mode=mode, now=now))


def _in_order(slot: Slot | None, known: int | None) -> list[int]:
    if slot is None:
        return []
    monday = slot.starts_at.astimezone(ZoneInfo(slot.zone))
    monday = (monday - timedelta(days=monday.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return selectors.advisers_in_order(slot=slot, week_starts=monday, known=known)


def _insert_once(insert, adviser_id: int, chosen: Slot | None) -> Appointment:
    """The exclusion constraint has the last word, even against writers that take no lock."""
    if chosen is None:
        raise _Busy
    try:
        with transaction.atomic():
            return insert(adviser_id, chosen)
    except IntegrityError as refusal:
        if violated(refusal, ADVISER_TWICE):
            raise _Busy from refusal
        raise


def periods(slot: Slot) -> dict:
    return {
        "period": DateTimeTZRange(slot.starts_at, slot.ends_at),
        "busy_period": DateTimeTZRange(slot.starts_at, slot.starts_at + slot.step),
    }


def _holds_of(request: ServiceRequest | None) -> list[int]:
    if request is None:
        return []
    return list(
        Appointment.objects.filter(
            service_request=request, state=AppointmentState.ON_HOLD, is_offer=False
        ).values_list("pk", flat=True)
    )


def expire(holds: Collection[int]) -> None:
    """End holds by their keys, offers too; the caller holds what must be locked."""
    Appointment.objects.filter(pk__in=holds, state=AppointmentState.ON_HOLD).update(
        state=AppointmentState.EXPIRED
    )


def _expire_stale(adviser_id: int, starts_at: datetime, *, now: datetime) -> None:
    """Holds that are over, on the days around: the constraint does not read the clock."""
    Appointment.objects.filter(
        adviser_id=adviser_id,
        state=AppointmentState.ON_HOLD,
        hold_expires_at__lte=now,
        period__startswith__gt=starts_at - timedelta(days=1),
        period__startswith__lt=starts_at + timedelta(days=1),
    ).update(state=AppointmentState.EXPIRED)


@transaction.atomic
def release_hold(*, appointment: Appointment) -> None:
    """Give a held slot back at once; nothing happens when it is no longer held."""
    lock_request(appointment.service_request)
    Appointment.objects.filter(pk=appointment.pk, state=AppointmentState.ON_HOLD).update(
        state=AppointmentState.EXPIRED
    )


@transaction.atomic
def expire_holds(*, now: datetime) -> int:
    """Mark the holds whose time is over; returns how many. Rows somebody is confirming are left alone."""
    over = (
        Appointment.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=AppointmentState.ON_HOLD, hold_expires_at__lte=now)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return Appointment.objects.filter(pk__in=list(over)).update(state=AppointmentState.EXPIRED)
