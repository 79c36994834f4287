from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.agenda import notices, rules, selectors
from operators.agenda.enums import AppointmentState, CancelledBy
from operators.agenda.errors import (
    PersonAlreadyBooked,
    SlotTaken,
    TooLateToChange,
    TooManyBookings,
    TransitionRefused,
)
from operators.agenda.models import Appointment
from operators.agenda.registry import Event, tell_followers
from operators.agenda.services.holds import expire, hold_slot, local_day, periods, take_slot
from operators.agenda.services.locks import (
    KEY_TWICE,
    PERSON_TWICE,
    lock_adviser_days,
    lock_person,
    lock_request,
    violated,
)
from operators.agenda.services.requests import follow_request
from operators.network.models import Site

KEY_USED = "Cette page a déjà servi. Rechargez-la, puis recommencez."
WITH_ALL = ("site__commune", "site__contract", "beneficiary", "service_request")


class _HoldOver(Exception):
    """The hold expired: undo, which gives the adviser's day back, then hold the slot anew."""


@transaction.atomic
def confirm_hold(
    *,
    appointment: Appointment,
    beneficiary: Beneficiary,
    idempotency_key: UUID,
    now: datetime,
    actor: User | None = None,
) -> Appointment:
    """Turn a hold into a booking for a person and tell them, in one transaction.

    The same key gives the same booking however often it is sent. An expired hold is taken again when its
    slot is still free, else SlotTaken. Raises PersonAlreadyBooked when the person has an appointment at
    that hour, TooManyBookings beyond PORTAL_OPEN_BOOKINGS coming ones, TransitionRefused for a key that
    booked for somebody else.
    """
    request = lock_request(appointment.service_request)
    person = lock_person(beneficiary)
    if (already := _known_by(idempotency_key, appointment, person)) is not None:
        return already
    _check_open_bookings(person, now=now)
    try:
        with transaction.atomic():
            booked = _book(appointment, person, idempotency_key, now=now)
    except _HoldOver:
        held = _hold_again(appointment, request, now=now)
        booked = _book(held, person, idempotency_key, now=now)
    follow_request(request, now=now, by=actor)
    record(
        action="operators.appointment.booked",
        target=booked,
        by=actor,
        data={"channel": booked.channel},
        now=now,
    )
    tell_followers(Event.BOOKED, appointment=booked, now=now)
    notices.tell_booked(booked, now=now)
    return booked


def _known_by(key: UUID, hold: Appointment, person: Beneficiary) -> Appointment | None:
    """The booking of this key; the key of somebody else's booking, or of another request, opens nothing."""
    known = Appointment.objects.select_related(*WITH_ALL).filter(idempotency_key=key).first()
    if known is None:
        return None
    if (known.beneficiary_id, known.service_request_id) != (person.pk, hold.service_request_id):
        raise TransitionRefused(KEY_USED)
    return known


def _hold_again(appointment, request: ServiceRequest | None, *, now) -> Appointment:
    return hold_slot(
        service_request=request,
        contract=appointment.site.contract,
        site=appointment.site,
        starts_at=appointment.starts_at,
        level=appointment.level,
        mode=appointment.mode,
        now=now,
        channel=appointment.channel,
    )


def _check_open_bookings(person: Beneficiary, *, now: datetime) -> None:
    coming = Appointment.objects.filter(
        beneficiary=person, state=AppointmentState.BOOKED, period__endswith__gt=now
    )
    if coming.count() >= settings.PORTAL_OPEN_BOOKINGS:
        raise TooManyBookings(
            f"Vous avez déjà {settings.PORTAL_OPEN_BOOKINGS} rendez-vous à venir."
            " Annulez-en un pour en prendre un autre."
        )


def _book(hold: Appointment, person: Beneficiary, key: UUID, *, now) -> Appointment:
    lock_adviser_days([(hold.adviser_id, local_day(hold.starts_at, hold.site.zone))])
    held = _locked(hold)
    if held.state == AppointmentState.EXPIRED or (
        held.state == AppointmentState.ON_HOLD and not rules.hold_is_live(held, now=now)
    ):
        raise _HoldOver
    _require(held, AppointmentState.BOOKED)
    held.state, held.beneficiary, held.booked_at = AppointmentState.BOOKED, person, now
    held.idempotency_key, held.is_offer = key, False
    _save_for_person(held, ["state", "beneficiary", "booked_at", "idempotency_key", "is_offer"])
    return held


def _locked(appointment: Appointment) -> Appointment:
    return (
        Appointment.objects.select_for_update(of=("self",)).select_related(*WITH_ALL).get(pk=appointment.pk)
    )


def _require(appointment: Appointment, target: str) -> None:
    if not rules.may_become(appointment.state, target):
        raise TransitionRefused(
            f"Ce rendez-vous est {appointment.get_state_display()} : rien n’a été changé."
        )


def _save_for_person(appointment: Appointment, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            appointment.save(update_fields=fields)
    except IntegrityError as refusal:
        if violated(refusal, PERSON_TWICE):
            raise PersonAlreadyBooked("Vous avez déjà un rendez-vous à cette heure-là.") from refusal
        if violated(refusal, KEY_TWICE):
            raise TransitionRefused(KEY_USED) from refusal
        raise


@transaction.atomic
def cancel_appointment(
    *,
    appointment: Appointment,
    by: str,
    now: datetime,
    actor: User | None = None,
) -> Appointment:
    """Cancel a booking, free its slot at once and tell the person.

    `by` is a CancelledBy. Raises TooLateToChange when the person asks after the limit, TransitionRefused
    when the appointment is no longer BOOKED.
    """
    request = lock_request(appointment.service_request)
    cancelled = _locked(appointment)
    _require(cancelled, AppointmentState.CANCELLED)
    if by == CancelledBy.PERSON:
        _check_limit(cancelled, now=now)
    _mark_cancelled(cancelled, by=by, now=now)
    follow_request(request, now=now, by=actor)
    record(
        action="operators.appointment.cancelled",
        target=cancelled,
        by=actor,
        data={"by": by},
        now=now,
    )
    tell_followers(Event.CANCELLED, appointment=cancelled, now=now)
    notices.tell_cancelled(cancelled, now=now)
    return cancelled


def _check_limit(appointment: Appointment, *, now: datetime) -> None:
    if now > rules.change_limit(appointment.starts_at):
        raise TooLateToChange("L’heure limite est passée. Pour prévenir, appelez le numéro indiqué.")


def _mark_cancelled(appointment: Appointment, *, by: str, now: datetime) -> None:
    appointment.state = AppointmentState.CANCELLED
    appointment.cancelled_at, appointment.cancelled_by = now, by
    appointment.calendar_sequence += 1
    appointment.save(update_fields=["state", "cancelled_at", "cancelled_by", "calendar_sequence"])


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
    actor: User | None = None,
    offered: Appointment | None = None,
) -> Appointment:
    """Move a booking: the new row and the end of the old one are one decision; the person is told once.

    The present adviser is kept when free; the time `offered`, a hold, is taken with its own adviser and no
    other. Raises TooLateToChange after the limit, TransitionRefused when no longer BOOKED, SlotTaken (the
    old booking then stands, also for a site of another contract), PersonAlreadyBooked.
    """
    if site.contract_id != appointment.site.contract_id:
        raise SlotTaken
    request = lock_request(appointment.service_request)
    person = lock_person(_owner(appointment, now=now))
    old_day = local_day(appointment.starts_at, appointment.site.zone)
    ignored = [appointment.pk, offered.pk] if offered else [appointment.pk]

    def insert(adviser_id: int, chosen) -> Appointment:
        if offered:
            expire([offered.pk])
        old = _locked(appointment)
        _require(old, AppointmentState.CANCELLED)
        _check_limit(old, now=now)
        _mark_cancelled(old, by=CancelledBy.PERSON, now=now)
        moved = Appointment(
            adviser_id=adviser_id,
            site=site,
            service_request=request,
            beneficiary=person,
            level=level,
            mode=mode,
            state=AppointmentState.BOOKED,
            channel=old.channel,
            booked_at=now,
            moved_from=old,
            calendar_sequence=old.calendar_sequence,
            **periods(chosen),
        )
        _save_for_person(moved)
        return moved

    moved = take_slot(
        slot=selectors.slot_at(
            site=site,
            starts_at=starts_at,
            level=level,
            mode=mode,
            now=now,
            adviser=offered.adviser_id if offered else None,
            ignored=ignored,
        ),
        site=site,
        starts_at=starts_at,
        level=level,
        mode=mode,
        now=now,
        known=appointment.adviser_id,
        ignored=ignored,
        also_lock=[(appointment.adviser_id, old_day)],
        insert=insert,
    )
    record(
        action="operators.appointment.moved",
        target=moved,
        by=actor,
        data={"from": str(appointment.uuid)},
        now=now,
    )
    tell_followers(Event.MOVED, appointment=moved, now=now)
    notices.tell_moved(moved, now=now)
    return moved


def _owner(appointment: Appointment, *, now: datetime) -> Beneficiary:
    """The person whose booking may still be moved; checked again once everything is locked."""
    present = Appointment.objects.select_related("beneficiary").get(pk=appointment.pk)
    _require(present, AppointmentState.CANCELLED)
    _check_limit(present, now=now)
    if present.beneficiary is None:
        raise ValueError("a booked appointment has a person")
    return present.beneficiary
