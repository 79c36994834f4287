from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.selectors import may_write
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import AccessNotMet, SlotTaken, VideoUnavailable
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.rules import latest_start
from operators.booking.agenda.selectors import Slot, free_slots
from operators.booking.agenda.services import WantedSlot, hold_slot, lock_request
from operators.booking.demand import notices, rules, selectors
from operators.booking.demand.enums import AlertState, EntryState, OfferState
from operators.booking.demand.models import EarlierAlert, SlotOffer, WaitingEntry
from operators.network.enums import Mode
from operators.network.models import Site
from procurement.contracts.models import Contract

MOST_TRIED = 5  # slots tried for one person in a run: others may be taking them at this very moment


class _FreeSlots:
    """What may be offered now under a contract; read once for a mode, a level and the needs of access."""

    def __init__(self, contract: Contract, *, now: datetime) -> None:
        self.contract, self.now = contract, now
        self.sites = {site.pk: site for site in Site.objects.filter(contract=contract)}
        self.refused = selectors.offered_before(contract=contract)
        self._read: dict[tuple[str, str, tuple[str, ...]], list[Slot]] = {}

    def for_wish(
        self, asked: WaitingEntry | EarlierAlert, mode: str, level: str, needs: Collection[str]
    ) -> list[Slot]:
        """What is free in one mode, but what was already offered for this wish."""
        key = (mode, level, tuple(sorted(needs)))
        if key not in self._read:
            self._read[key] = [slot for slot in self._free(*key) if self._lasts(slot)]
        refused = self.refused.get((type(asked), asked.pk), ())
        return [slot for slot in self._read[key] if (slot.site_id, slot.starts_at) not in refused]

    def _free(self, mode: str, level: str, needs: Collection[str]) -> list[Slot]:
        return free_slots(
            contract=self.contract,
            starts=self.now,
            ends=latest_start(self.now),
            now=self.now,
            mode=mode,
            level=level,
            access_needs=needs,
        )

    def _lasts(self, slot: Slot) -> bool:
        """Somebody can be told now, and has time to answer."""
        until = rules.offered_until(slot.starts_at, zone=slot.zone, now=self.now)
        return until is not None and rules.is_waking(self.now, slot.zone)


@dataclass(frozen=True)
class _Wish:
    """What one person waits for: `asked` is {"entry": …} or {"alert": …}; `slots` suit, earliest first."""

    asked: dict[str, Any]
    slots: list[tuple[Slot, str]]
    request: ServiceRequest | None
    level: str
    kind: str
    adviser: int | None = None
    access_needs: list[str] | None = None
    moved: int | None = None

    @property
    def row(self) -> WaitingEntry | EarlierAlert:
        return next(iter(self.asked.values()))


def offer_all(*, now: datetime) -> int:
    """Offer what is free to who waits, contract by contract; returns the number of offers made."""
    return sum(offer_free_slots(contract=contract, now=now) for contract in selectors.contracts_awaited())


def offer_free_slots(*, contract: Contract, now: datetime) -> int:
    """Offer the free slots of a contract, in the order of its list, then to who would come earlier.

    A slot is really held for the person until the hour said, by the service that holds any slot. One
    offer at a time for a person, PORTAL_OFFERS_A_DAY a day, none at night. Each offer is a transaction
    under the lock of the list: two runs at once make one offer of a slot. Safe to run twice.
    """
    entries = selectors.entries_to_serve(contract=contract, now=now)
    alerts = selectors.alerts_to_serve(contract=contract, now=now)
    if not entries and not alerts:
        return 0
    free = _FreeSlots(contract, now=now)
    made = sum(_offer_one(_wish_of_entry(entry, free), free, now=now) for entry in entries)
    return made + sum(_offer_one(_wish_of_alert(alert, free), free, now=now) for alert in alerts)


def _wish_of_entry(entry: WaitingEntry, free: _FreeSlots) -> _Wish:
    """The earliest slots that suit, in any of the modes wished; the preferred mode first at one instant."""
    needs = entry.service_request.access_needs
    suiting = [
        (slot, mode)
        for mode in entry.modes
        for slot in free.for_wish(entry, mode, entry.level, needs)
        if _suits(entry, slot, mode)
    ]
    suiting.sort(key=lambda one: one[0].starts_at)
    return _Wish({"entry": entry}, suiting, entry.service_request, entry.level, MessageKind.OFFER)


def _suits(entry: WaitingEntry, slot: Slot, mode: str) -> bool:
    return (
        rules.suits_hours(slot.starts_at, slot.zone, entry.hours)
        and (entry.from_on is None or local_day(slot.starts_at, slot.zone) >= entry.from_on)
        and (mode != Mode.ON_SITE or entry.anywhere or entry.site_id in (None, slot.site_id))
    )


def _wish_of_alert(alert: EarlierAlert, free: _FreeSlots) -> _Wish:
    """Same site, level and mode, some days earlier; another adviser only for who accepts one."""
    booked = alert.appointment
    limit = booked.starts_at - timedelta(days=settings.PORTAL_EARLIER_DAYS)
    wished = [
        (slot, booked.mode)
        for slot in free.for_wish(alert, booked.mode, booked.level, booked.access_needs)
        if slot.site_id == booked.site_id
        and slot.starts_at <= limit
        and (alert.other_adviser or booked.adviser_id in slot.adviser_ids)
    ]
    return _Wish(
        {"alert": alert},
        wished,
        booked.service_request,
        booked.level,
        MessageKind.ALERT,
        adviser=None if alert.other_adviser else booked.adviser_id,
        access_needs=booked.access_needs,
        moved=booked.pk,
    )


def _offer_one(wish: _Wish, free: _FreeSlots, *, now: datetime) -> bool:
    """Hold the first wished slot that is still free, and tell the person; False when none can be."""
    return bool(wish.slots) and _offer_first(wish, free, now=now)


@transaction.atomic
def _offer_first(wish: _Wish, free: _FreeSlots, *, now: datetime) -> bool:
    lock_list(free.contract)
    request = lock_request(wish.request)
    person = lock_person(wish.row.beneficiary)
    if not _may_offer(wish, person, now=now):
        return False
    hold = _hold_first(wish, free, request, now=now)
    if hold is None or hold.hold_expires_at is None:
        return False
    offer = SlotOffer.objects.create(
        **wish.asked,
        beneficiary=person,
        appointment=hold,
        made_at=now,
        expires_at=hold.hold_expires_at,
        passed_on_from=_passed_on(hold),
    )
    record(action="operators.offer.made", target=offer, by=None, now=now)
    notices.tell_offered(offer, now=now)
    return True


def lock_list(contract: Contract) -> None:
    """One offer at a time under a contract; taken before the request's row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"waiting:{contract.pk}"])


def _may_offer(wish: _Wish, person: Beneficiary, *, now: datetime) -> bool:
    """Read again under the locks: another run may have served this person a moment ago."""
    wish.row.refresh_from_db(fields=["state"])
    offers = SlotOffer.objects.filter(beneficiary=person)
    return (
        wish.row.state in (EntryState.WAITING, AlertState.ACTIVE)
        and not offers.filter(state=OfferState.PENDING).exists()
        and offers.filter(made_at__gt=now - selectors.A_DAY).count() < settings.PORTAL_OFFERS_A_DAY
        and may_write(kind=wish.kind, person_key=str(person.uuid), now=now)
    )


def _hold_first(
    wish: _Wish, free: _FreeSlots, request: ServiceRequest | None, *, now: datetime
) -> Appointment | None:
    is_busy, tried = _hours_taken(wish), 0
    for slot, mode in wish.slots:
        until = rules.offered_until(slot.starts_at, zone=slot.zone, now=now)
        if is_busy(slot) or until is None:
            continue
        tried += 1
        if tried > MOST_TRIED:
            return None
        try:
            return hold_slot(
                service_request=request,
                contract=free.contract,
                wanted=WantedSlot(
                    site=free.sites[slot.site_id],
                    starts_at=slot.starts_at,
                    level=wish.level,
                    mode=mode,
                    access_needs=wish.access_needs,
                ),
                now=now,
                adviser=wish.adviser,
                offer_until=until,
            )
        except (AccessNotMet, SlotTaken, VideoUnavailable):
            continue
    return None


def _hours_taken(wish: _Wish) -> Callable[[Slot], bool]:
    """Whether the person is already expected somewhere at the hour of a slot; one query."""
    periods = list(
        Appointment.objects.filter(beneficiary=wish.row.beneficiary_id, state=AppointmentState.BOOKED)
        .exclude(pk__in=[wish.moved] if wish.moved else [])
        .values_list("period", flat=True)
    )
    return lambda slot: any(
        period.lower < slot.ends_at and slot.starts_at < period.upper for period in periods
    )


def _passed_on(hold: Appointment) -> SlotOffer | None:
    """The offer of this very slot that somebody refused or left without answer."""
    return (
        SlotOffer.objects.filter(
            appointment__site=hold.site_id,
            appointment__adviser=hold.adviser_id,
            appointment__period=hold.period,
            state__in=[OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN],
            passed_on_to__isnull=True,
        )
        .order_by("-ended_at", "-pk")
        .first()
    )
