"""What becomes of a booking before its hour: moved, cancelled, restored, another mode, another level."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import check_open, lock_file, lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.booking.agenda import notices, rules, selectors
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason
from operators.booking.agenda.errors import SlotTaken, TooLateToChange, TransitionRefused
from operators.booking.agenda.gateways import video
from operators.booking.agenda.hooks import Event
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services.bookings import (
    confirm_hold,
    locked,
    owner,
    refuse_moved,
    require,
    save_for_person,
    unchanged,
)
from operators.booking.agenda.services.holds import WantedSlot, end_holds, periods, take_slot
from operators.booking.agenda.services.locks import ADVISER_TWICE, lock_adviser_days, lock_request, violated
from operators.booking.agenda.services.requests import follow_request
from operators.booking.agenda.services.telling import tell_followers
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site


@transaction.atomic
def cancel_appointment(
    *,
    appointment: Appointment,
    by: str,
    now: datetime,
    reason: str = "",
    actor: User | None = None,
) -> Appointment:
    """Cancel a booking, free its slot at once and tell the person.

    `by` is a CancelledBy, `reason` a CancelReason or nothing: a reason is never due. Raises TooLateToChange
    when the person alone asks after the limit (an agent, `actor`, still may for them) or it has begun,
    TransitionRefused when the appointment is no longer BOOKED.
    """
    request = lock_request(appointment.service_request)
    lock_file(owner(appointment))
    cancelled = locked(appointment)
    require(cancelled, AppointmentState.CANCELLED)
    if by == CancelledBy.PERSON:
        check_limit(cancelled, now=now, actor=actor)
    check_to_come(cancelled, now=now)
    mark_cancelled(cancelled, by=by, reason=reason, now=now)
    follow_request(request, now=now, by=actor)
    record(
        action="operators.appointment.cancelled",
        target=cancelled,
        by=actor,
        data={"by": by, "reason": reason},
        now=now,
    )
    tell_followers(Event.CANCELLED, appointment=cancelled, now=now)
    notices.tell_cancelled(cancelled, now=now)
    return cancelled


@transaction.atomic
def confirm_instead(
    *,
    hold: Appointment,
    replaced: Appointment,
    beneficiary: Beneficiary,
    idempotency_key: UUID,
    now: datetime,
) -> Appointment:
    """Book a hold in the place of an appointment of the same person: both acts, or neither.

    The same key twice gives the same booking. Raises what cancel_appointment and confirm_hold raise.
    """
    requests = {asked.pk: asked for asked in (hold.service_request, replaced.service_request) if asked}
    for _, asked in sorted(requests.items()):
        lock_request(asked)
    if not Appointment.objects.filter(idempotency_key=idempotency_key).exists():
        cancel_appointment(
            appointment=replaced, by=CancelledBy.PERSON, reason=CancelReason.OTHER_DATE, now=now
        )
    return confirm_hold(appointment=hold, beneficiary=beneficiary, idempotency_key=idempotency_key, now=now)


def check_limit(appointment: Appointment, *, now: datetime, actor: User | None = None) -> None:
    """The limit is for who changes alone; on the telephone an agent does it for the person until the hour."""
    if actor is None and now > rules.change_limit(appointment.starts_at):
        raise TooLateToChange("L’heure limite est passée. Pour prévenir, appelez le numéro indiqué.")
    check_to_come(appointment, now=now)


def check_to_come(appointment: Appointment, *, now: datetime) -> None:
    """Begun is not to come, whoever asks: what is under way or over is logged. Raises TooLateToChange."""
    if appointment.starts_at <= now:
        raise TooLateToChange("Ce rendez-vous a commencé : il se saisit, il ne se change plus.")


def mark_cancelled(appointment: Appointment, *, by: str, reason: str, now: datetime) -> None:
    appointment.state = AppointmentState.CANCELLED
    appointment.cancelled_at, appointment.cancelled_by = now, by
    appointment.cancel_reason = reason
    appointment.calendar_sequence += 1
    appointment.save(
        update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason", "calendar_sequence"]
    )


@transaction.atomic
def restore_appointment(*, appointment: Appointment, now: datetime) -> Appointment:
    """Undo a cancellation made by mistake, within PORTAL_UNDO_MINUTES and while the slot is still free.

    The person hears of neither (RDV-SP 2538): the message of the cancellation waits that long, and is
    withdrawn. Raises TransitionRefused when it is too late or another act came between, SlotTaken with the
    nearest others, PersonAlreadyBooked.
    """
    request = lock_request(appointment.service_request)
    lock_person(owner(appointment))
    lock_adviser_days(appointment.adviser_days, over_bookings=False)
    restored = locked(appointment)
    if not rules.can_restore(restored, now=now):
        refuse_moved(restored)
        raise TransitionRefused("Cette annulation ne peut plus être défaite. Choisissez un autre créneau.")
    end_holds([adviser for adviser, _ in restored.adviser_days], restored.starts_at, now=now)
    if not _is_still_free(restored):
        raise _gone(restored, now=now)
    restored.state, restored.cancelled_at, restored.cancelled_by = AppointmentState.BOOKED, None, ""
    restored.cancel_reason, restored.calendar_sequence = "", restored.calendar_sequence + 1
    fields = ["state", "cancelled_at", "cancelled_by", "cancel_reason", "calendar_sequence"]
    try:
        with transaction.atomic():
            save_for_person(restored, fields)
    except IntegrityError as refusal:
        if violated(refusal, ADVISER_TWICE):
            raise _gone(restored, now=now) from refusal
        raise
    follow_request(request, now=now, by=None)
    record(action="operators.appointment.restored", target=restored, by=None, now=now)
    tell_followers(Event.BOOKED, appointment=restored, now=now)
    notices.tell_restored(restored, now=now)
    return restored


def _is_still_free(appointment: Appointment) -> bool:
    """Free as it was when it was given back: the notice counts from there, not from the undoing."""
    slot = selectors.slot_at(
        site=appointment.site,
        starts_at=appointment.starts_at,
        level=appointment.level,
        mode=appointment.mode,
        now=appointment.cancelled_at or appointment.starts_at,
        adviser=appointment.adviser_id,
        access_needs=appointment.access_needs,
    )
    return slot is not None and slot.ends_at >= appointment.ends_at


def _gone(appointment: Appointment, *, now: datetime) -> SlotTaken:
    return SlotTaken(
        selectors.nearest_slots(
            site=appointment.site,
            starts_at=appointment.starts_at,
            level=appointment.level,
            mode=appointment.mode,
            now=now,
            access_needs=appointment.access_needs,
        )
    )


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
    other. Moves are counted, never limited. Raises TooLateToChange after the limit (an agent, `actor`, still
    moves for the person), TransitionRefused when no longer BOOKED, SlotTaken (the old booking then stands,
    also for a site of another contract), PersonAlreadyBooked, AccessNotMet, VideoUnavailable.
    """
    present = Appointment.objects.select_related("beneficiary").get(pk=appointment.pk)
    person = owner(present)
    check_open(person.restricted_at, person.erased_at, person.merged_into_id)  # and under the lock, in rebook
    require(present, AppointmentState.CANCELLED)
    check_limit(present, now=now, actor=actor)

    def end(old: Appointment) -> int:
        require(old, AppointmentState.CANCELLED)
        check_limit(old, now=now, actor=actor)
        mark_cancelled(old, by=CancelledBy.PERSON, reason=CancelReason.MOVED, now=now)
        return old.move_count + 1

    moved = rebook(
        appointment=appointment,
        person=person,
        wanted=WantedSlot(site=site, starts_at=starts_at, level=level, mode=mode),
        now=now,
        end=end,
        offered=offered,
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


def rebook(
    *,
    appointment: Appointment,
    person: Beneficiary,
    wanted: WantedSlot,
    now: datetime,
    end: Any,
    offered: Appointment | None = None,
    known: int | None = None,
) -> Appointment:
    """Book another time in the place of an appointment, in the caller's transaction.

    `end(old)` ends the old row, locked, or refuses; it returns the count of moves of the new one.
    """
    request = lock_request(appointment.service_request)
    person = lock_person(person)
    if wanted.site.contract_id != appointment.site.contract_id:
        raise SlotTaken
    video.check_available(wanted.mode)
    rules.check_access(wanted.site, wanted.mode, appointment.access_needs)
    ignored = [appointment.pk, offered.pk] if offered else [appointment.pk]

    def insert(adviser_id: int, chosen: Any) -> Appointment:
        old = locked(appointment)
        move_count = end(old)
        moved = _in_its_place(old, wanted, move_count=move_count, now=now, **periods(chosen))
        moved.adviser_id, moved.service_request, moved.beneficiary = adviser_id, request, person
        save_for_person(moved)
        return moved

    return take_slot(
        wanted=wanted,
        now=now,
        adviser=offered.adviser_id if offered else known,
        known=appointment.adviser_id,
        ignored=ignored,
        also_lock=appointment.adviser_days,
        access_needs=appointment.access_needs,
        insert=insert,
    )


def _in_its_place(
    old: Appointment, wanted: WantedSlot, *, move_count: int, now: datetime, **period: Any
) -> Appointment:
    """What the new appointment keeps of the old one; its adviser and its person are to come."""
    return Appointment(
        site=wanted.site,
        level=wanted.level,
        mode=wanted.mode,
        state=AppointmentState.BOOKED,
        channel=old.channel,
        booked_at=now,
        moved_from=old,
        move_count=move_count,
        calendar_sequence=old.calendar_sequence,
        access_needs=old.access_needs,
        video_url=video.room_url(wanted.mode),
        **period,
    )


@transaction.atomic
def change_mode(
    *, appointment: Appointment, mode: str, now: datetime, actor: User | None = None
) -> Appointment:
    """Another mode for the same hour with the same adviser: the booking stands (RDV-SP 2176).

    Raises TooLateToChange after the limit, TransitionRefused when no longer BOOKED, SlotTaken when the
    adviser does not receive so at that hour or has no number to call, AccessNotMet, VideoUnavailable.
    """
    lock_request(appointment.service_request)
    lock_person(owner(appointment))
    video.check_available(mode)
    lock_adviser_days(appointment.adviser_days, over_bookings=False)
    changed = locked(appointment)
    if changed.state != AppointmentState.BOOKED:
        refuse_moved(changed)
        raise TransitionRefused(unchanged(changed))
    check_limit(changed, now=now)
    rules.check_access(changed.site, mode, changed.access_needs)
    rules.check_receivers((changed.adviser, changed.second_adviser), mode, changed.access_needs)
    if mode == Mode.PHONE and not owner(changed).phone:
        raise TransitionRefused("Nous n’avons pas votre numéro. Appelez-nous pour le donner.")
    if mode not in selectors.modes_of(appointment=changed, now=now):
        raise TransitionRefused("Votre conseiller ne reçoit pas ainsi à cette heure-là.")
    changed.mode, changed.video_url = mode, video.room_url(mode)
    changed.calendar_sequence += 1
    changed.save(update_fields=["mode", "video_url", "calendar_sequence"])
    record(
        action="operators.appointment.mode_changed", target=changed, by=actor, data={"mode": mode}, now=now
    )
    notices.tell_changed(changed, now=now)
    return changed


@transaction.atomic
def change_level(
    *, appointment: Appointment, level: str, now: datetime, actor: User | None = None
) -> Appointment:
    """The other level for the same hour with the same adviser: the booking stands (ADR 0062).

    No opening refuses it: the hour is already this adviser's, and the log says what took place. The level it
    has already changes nothing; nobody is told, as no message says a level. Raises TransitionRefused when no
    longer BOOKED, FileRestricted.
    """
    lock_request(appointment.service_request)
    lock_person(owner(appointment))
    changed = locked(appointment)
    if changed.state != AppointmentState.BOOKED:
        refuse_moved(changed)
        raise TransitionRefused(unchanged(changed))
    if changed.level == level:
        return changed
    former, changed.level = changed.level, ServiceLevel(level)
    changed.save(update_fields=["level"])
    record(
        action="operators.appointment.level_changed",
        target=changed,
        by=actor,
        data={"from": former, "to": changed.level},
        now=now,
    )
    return changed
