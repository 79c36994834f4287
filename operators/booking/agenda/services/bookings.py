from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, Func, IntegerField, QuerySet, Subquery

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services import mark_scheduled
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.compiled import Ask, Compiled, save_columns
from cep_portal.common.wording import dates
from operators.booking.agenda import notices, rules, selectors
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import (
    AppointmentMoved,
    PersonAlreadyBooked,
    TooManyBookings,
    TransitionRefused,
)
from operators.booking.agenda.gateways import video
from operators.booking.agenda.hooks import Event
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.rules.facts import broken_by_dates
from operators.booking.agenda.services.holds import WantedSlot, hold_slot
from operators.booking.agenda.services.locks import (
    KEY_TWICE,
    PERSON_TWICE,
    lock_request,
    lock_to_confirm,
    violated,
)
from operators.booking.agenda.services.telling import tell_followers

KEY_USED = "Cette page a déjà servi. Rechargez-la, puis recommencez."
WITH_ALL = ("site__commune", "site__contract", "beneficiary", "service_request")


def _with_what_decides() -> QuerySet[Appointment]:
    """A hold, how many bookings its person has to come, and whether the key has served."""
    coming = Appointment.objects.not_over(Ask("now"))  # type: ignore[arg-type]  # given when it runs
    booked = coming.order_by().filter(beneficiary=Ask("person"))
    return Appointment.objects.filter(pk=Ask("hold")).annotate(
        coming=Subquery(
            booked.annotate(
                count=Func(function="COUNT", template="COUNT(*)", output_field=IntegerField())
            ).values("count")
        ),
        is_key_used=Exists(Appointment.objects.filter(idempotency_key=Ask("key"))),
    )


_HELD = Compiled(_with_what_decides)
_HELD_LOCKED = Compiled(lambda: _with_what_decides().select_for_update(of=("self",)))


class _HoldOver(Exception):
    """The hold expired: undo all, which gives the locks back, then hold the slot anew."""


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
    try:
        return _confirm(appointment, beneficiary, idempotency_key, now=now, actor=actor)
    except _HoldOver:
        return _confirm_anew(appointment, beneficiary, idempotency_key, now=now, actor=actor)


@transaction.atomic
def _confirm(
    hold: Appointment, person: Beneficiary, key: UUID, *, now: datetime, actor: User | None
) -> Appointment:
    lock_to_confirm(
        request_id=hold.service_request_id,
        person_id=person.pk,
        adviser_days=hold.adviser_days,
    )
    held, already = _held(hold, person, key, now=now)
    if already is not None:
        return already
    if held.state == AppointmentState.EXPIRED or (
        held.state == AppointmentState.ON_HOLD and not rules.hold_is_live(held, now=now)
    ):
        raise _HoldOver
    return _book(held, person, key, now=now, actor=actor)


@transaction.atomic
def _confirm_anew(
    over: Appointment, person: Beneficiary, key: UUID, *, now: datetime, actor: User | None
) -> Appointment:
    """The lock of an adviser's times comes before that of a row, so the hold comes first.

    The row that is over is read, not locked: whoever holds its adviser's day may be ending it.
    """
    request = lock_request(over.service_request)
    person = lock_person(person)
    present, already = _held(over, person, key, now=now, lock=False)
    if already is not None:
        return already
    held = hold_slot(
        service_request=request,
        contract=over.site.contract,
        wanted=WantedSlot(over.site, over.starts_at, over.level, over.mode, present.access_needs),
        now=now,
        channel=over.channel,
    )
    return _book(held, person, key, now=now, actor=actor)


def _held(
    hold: Appointment, person: Beneficiary, key: UUID, *, now: datetime, lock: bool = True
) -> tuple[Appointment, Appointment | None]:
    """The hold as it is now, locked if wanted, and the booking this key already made; one query.

    The key of somebody else's booking, or of another request, opens nothing. Raises TooManyBookings.
    """
    read = _HELD_LOCKED if lock else _HELD
    (held,) = read(hold=hold.pk, person=person.pk, key=key, now=now)
    beside = vars(held)
    held.site = hold.site  # a hold changes neither place nor request: those of the reader
    held.service_request = hold.service_request
    if beside["is_key_used"]:
        known = Appointment.objects.select_related(*WITH_ALL).get(idempotency_key=key)
        if (known.beneficiary_id, known.service_request_id) != (person.pk, hold.service_request_id):
            raise TransitionRefused(KEY_USED)
        return held, known
    if beside["coming"] >= settings.PORTAL_OPEN_BOOKINGS:
        raise _too_many(hold, person, now=now)
    return held, None


def _too_many(hold: Appointment, person: Beneficiary, *, now: datetime) -> TooManyBookings:
    """Says which ones stand, to the person and to who books with them; never those of another operator."""
    coming = selectors.coming_of(beneficiary=person, now=now)
    told = [booked for booked in coming if booked.site.contract_id == hold.site.contract_id]
    hours = [
        f"{dates.long_instant(booked.starts_at, booked.site.zone)} ({booked.site.name})" for booked in told
    ]
    which = f" : {' et '.join(hours)}" if len(told) == len(coming) else ""
    return TooManyBookings(
        f"{len(coming)} rendez-vous sont déjà à venir{which}. Annulez-en un pour en prendre un autre."
    )


def _book(
    held: Appointment, person: Beneficiary, key: UUID, *, now: datetime, actor: User | None
) -> Appointment:
    if held.state != AppointmentState.ON_HOLD:
        raise TransitionRefused(unchanged(held))
    broken = broken_by_dates(booked_at=now, starts_at=held.starts_at, requested_at=None, cancelled_at=None)
    if broken is not None:  # an offer may outlive the start of its slot
        raise broken.error()
    held.state, held.beneficiary, held.booked_at = AppointmentState.BOOKED, person, now
    held.idempotency_key, held.is_offer = key, False
    held.video_url = video.room_url(held.mode)
    save_for_person(held, ["state", "beneficiary", "booked_at", "idempotency_key", "is_offer", "video_url"])
    if held.service_request is not None:
        mark_scheduled(service_request=held.service_request, now=now, by=actor)
    record(
        action="operators.appointment.booked",
        target=held,
        by=actor,
        data={"channel": held.channel},
        now=now,
    )
    tell_followers(Event.BOOKED, appointment=held, now=now)
    notices.tell_booked(held, now=now)
    return held


def locked(appointment: Appointment) -> Appointment:
    """The appointment as it is now, with all that a message tells, its row locked."""
    return (
        Appointment.objects.select_for_update(of=("self",)).select_related(*WITH_ALL).get(pk=appointment.pk)
    )


def require(appointment: Appointment, target: str) -> None:
    """Raises TransitionRefused when it cannot become that, AppointmentMoved when it was moved."""
    if not rules.may_become(appointment.state, target):
        refuse_moved(appointment)
        raise TransitionRefused(unchanged(appointment))


def refuse_moved(appointment: Appointment) -> None:
    """Raises AppointmentMoved: who acts on an hour that was given up means the new one, or knows it not."""
    standing = selectors.became(appointment=appointment)
    if standing is not None:
        hour = dates.long_instant(standing.starts_at, standing.site.zone)
        is_booked = standing.state == AppointmentState.BOOKED
        new = f"C’est maintenant {hour}." if is_booked else f"Le nouveau est {standing.get_state_display()}."
        raise AppointmentMoved(f"Ce rendez-vous a été déplacé. {new} Rien n’a été changé.", standing=standing)


def unchanged(appointment: Appointment) -> str:
    return f"Ce rendez-vous est {appointment.get_state_display()} : rien n’a été changé."


def save_for_person(appointment: Appointment, fields: Sequence[str] | None = None) -> None:
    """Save, and say in words what the constraints refuse: the transaction is then over."""
    try:
        if fields is None:
            appointment.save()
        else:
            save_columns(appointment, fields)
    except IntegrityError as refusal:
        if violated(refusal, PERSON_TWICE):
            raise PersonAlreadyBooked("Vous avez déjà un rendez-vous à cette heure-là.") from refusal
        if violated(refusal, KEY_TWICE):
            raise TransitionRefused(KEY_USED) from refusal
        raise


def owner(appointment: Appointment) -> Beneficiary:
    if appointment.beneficiary is None:
        raise ValueError("a booked appointment has a person")
    return appointment.beneficiary
