from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.services.guard import require_open
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common import phones
from operators.booking.agenda.services import lock_open, lock_request
from operators.booking.demand import notices, selectors
from operators.booking.demand.enums import CallBackState, DemandWay, GiveUpReason
from operators.booking.demand.errors import CallBackOver, CallBackPending, CallBackTaken
from operators.booking.demand.models import CallBack, CallTry
from operators.booking.demand.services.unmet import Wish, record_unmet


@transaction.atomic
def ask_call_back(
    *, service_request: ServiceRequest, name: str, phone: str, call_hours: str, wish: Wish, now: datetime
) -> CallBack:
    """Promise a call on a working day of the department, and count what was missing.

    Raises CallBackPending when a call is already promised for this request: it stands as it was promised;
    FileRestricted when the person of the request froze or erased the file.
    """
    require_open(service_request)
    pending = selectors.call_back_due(service_request=service_request)
    if pending is not None:
        raise CallBackPending("Un rappel est déjà prévu pour cette demande.")
    fact = record_unmet(
        service_request=service_request,
        level=wish.level,
        modes=wish.modes,
        hours=wish.hours,
        way=DemandWay.CALL_BACK,
        now=now,
    )
    call_back = CallBack.objects.create(
        service_request=service_request,
        name=name.strip(),
        phone=phones.kept(phone),
        call_hours=call_hours,
        level=wish.level,
        modes=fact.modes,
        hours=fact.hours,
        site=wish.site,
        asked_at=now,
        promised_on=selectors.promised_on(service_request=service_request, now=now),
    )
    record(action="operators.call_back.asked", target=call_back, by=None, now=now)
    return call_back


@transaction.atomic
def note_call(*, call_back: CallBack, reached: bool, by: User, now: datetime) -> CallBack:
    """Write one call. Nobody answered: promised again for the next working day, and after
    PORTAL_CALL_BACK_TRIES the person gets a message with a link. Raises CallBackOver when it is over,
    FileRestricted.
    """
    lock_open(call_back.service_request)
    call_back = _due(call_back)
    number = call_back.tries.count() + 1
    CallTry.objects.create(call_back=call_back, number=number, tried_at=now, by=by, reached=reached)
    record(
        action="operators.call_back.reached" if reached else "operators.call_back.tried",
        target=call_back,
        by=by,
        data={"number": number},
        now=now,
    )
    if reached:
        return _end(call_back, CallBackState.REACHED, by=by, now=now)
    if number >= settings.PORTAL_CALL_BACK_TRIES:
        notices.tell_unreached(call_back, now=now)
        return _end(call_back, CallBackState.UNREACHED, by=by, now=now)
    call_back.promised_on = selectors.promised_on(service_request=call_back.service_request, now=now)
    call_back.save(update_fields=["promised_on"])
    return call_back


@transaction.atomic
def take_call_back(*, call_back: CallBack, by: User, now: datetime) -> CallBack:
    """« Je prends »: colleagues see who calls; taken again by the same, nothing changes.

    Raises CallBackTaken when a colleague did, CallBackOver when it is over, FileRestricted.
    """
    lock_open(call_back.service_request)
    call_back = _due(call_back)
    if call_back.taken_by_id == by.pk:
        return call_back
    if call_back.taken_by is not None:
        raise CallBackTaken(f"{call_back.taken_by.full_name} a déjà pris ce rappel.")
    call_back.taken_by, call_back.taken_at = by, now
    call_back.save(update_fields=["taken_by", "taken_at"])
    record(action="operators.call_back.taken", target=call_back, by=by, now=now)
    return call_back


@transaction.atomic
def leave_call_back(*, call_back: CallBack, by: User, now: datetime) -> CallBack:
    """Give a call taken back to the team, whoever took it. Raises CallBackOver, FileRestricted."""
    lock_open(call_back.service_request)
    call_back = _due(call_back)
    call_back.taken_by = call_back.taken_at = None
    call_back.save(update_fields=["taken_by", "taken_at"])
    record(action="operators.call_back.left", target=call_back, by=by, now=now)
    return call_back


@transaction.atomic
def give_up_call_back(*, call_back: CallBack, reason: GiveUpReason, by: User, now: datetime) -> CallBack:
    """End a call owed without success, and say why. Raises CallBackOver when it is over, FileRestricted."""
    lock_open(call_back.service_request)
    call_back = _due(call_back)
    call_back.give_up_reason = reason
    call_back.state, call_back.ended_at, call_back.ended_by = CallBackState.GIVEN_UP, now, by
    call_back.save(update_fields=["give_up_reason", "state", "ended_at", "ended_by"])
    record(action="operators.call_back.given_up", target=call_back, by=by, data={"reason": reason}, now=now)
    return call_back


@transaction.atomic
def drop_call_back(*, call_back: CallBack, now: datetime) -> CallBack:
    """The person needs no call any more. Raises CallBackOver when it is over."""
    call_back = _due(call_back)
    record(action="operators.call_back.dropped", target=call_back, by=None, now=now)
    return _end(call_back, CallBackState.DROPPED, by=None, now=now)


def end_by_booking(*, service_request: ServiceRequest, by: User | None, now: datetime) -> None:
    """The person of this request, locked by the caller, has an appointment: no call is owed."""
    due = CallBack.objects.select_for_update(of=("self",)).filter(
        service_request=service_request, state=CallBackState.DUE
    )
    for call_back in due:
        record(action="operators.call_back.booked", target=call_back, by=by, now=now)
        _end(call_back, CallBackState.BOOKED, by=by, now=now)


def end_by_erasure(*, call_backs: QuerySet[CallBack], now: datetime) -> None:
    """The number of these calls is erased in the caller's transaction: nobody is called any more."""
    due = call_backs.select_for_update(of=("self",)).filter(state=CallBackState.DUE)
    for call_back in due.order_by("pk"):
        record(action="operators.call_back.dropped", target=call_back, by=None, now=now)
        _end(call_back, CallBackState.DROPPED, by=None, now=now)


def _due(call_back: CallBack) -> CallBack:
    lock_request(call_back.service_request)
    locked = (
        CallBack.objects.select_for_update(of=("self",))
        .select_related("service_request__commune__department", "service_request__beneficiary")
        .get(pk=call_back.pk)
    )
    if locked.state != CallBackState.DUE:
        raise CallBackOver(f"Ce rappel est clos : {locked.get_state_display()}.")
    return locked


def _end(call_back: CallBack, state: str, *, by: User | None, now: datetime) -> CallBack:
    call_back.state, call_back.ended_at, call_back.ended_by = state, now, by
    call_back.save(update_fields=["state", "ended_at", "ended_by"])
    return call_back


def forget_calls(*, now: datetime) -> int:
    """Blank the name and number of the call-backs over for PORTAL_CALL_BACK_KEPT_DAYS; returns how many.

    The promise and whether it was kept stay: they are counted, without anybody's name.
    """
    before = now - timedelta(days=settings.PORTAL_CALL_BACK_KEPT_DAYS)
    over = CallBack.objects.filter(ended_at__lt=before).exclude(name="", phone="")
    return over.update(name="", phone="")
