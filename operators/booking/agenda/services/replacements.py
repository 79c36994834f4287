"""Nobody comes for nothing: what happens to bookings when an adviser is away or a site closed (ADR 0018)."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.booking.agenda import notices, rules
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason, ReplacementState
from operators.booking.agenda.errors import TransitionRefused
from operators.booking.agenda.hooks import Event
from operators.booking.agenda.models import Absence, Appointment, Replacement
from operators.booking.agenda.selectors import consequences
from operators.booking.agenda.services.bookings import locked, owner, unchanged
from operators.booking.agenda.services.changes import mark_cancelled, rebook
from operators.booking.agenda.services.closures import check_closure, close_site, closure_days, open_place
from operators.booking.agenda.services.holds import WantedSlot, end_holds, withdraw
from operators.booking.agenda.services.locks import lock_adviser_days, lock_request
from operators.booking.agenda.services.openings import absence_days, check_absence, lay_absence
from operators.booking.agenda.services.requests import follow_request
from operators.booking.agenda.services.telling import tell_followers
from operators.network.models import Adviser, Site, SiteClosure

TRIES = 5
FOR_GOOD = date(2199, 12, 31)


class _Changed(Exception):
    """Somebody booked or cancelled between the look and the locks: undo and look again."""


def lay_absence_and_replace(
    *, adviser: Adviser, starts_at: datetime, ends_at: datetime, by: User, now: datetime
) -> tuple[Absence, list[Replacement]]:
    """Lay an absence over booked sessions: each person is proposed something and told once, in one act.

    A colleague free at the same hour takes the session at once, and the person may refuse; else the session
    is cancelled and three slots are proposed. Raises AbsenceInvalid.
    """
    check_absence(starts_at=starts_at, ends_at=ends_at, now=now)

    def lay() -> Absence:
        return lay_absence(adviser=adviser, starts_at=starts_at, ends_at=ends_at, by=by, now=now)

    def find() -> QuerySet[Appointment]:
        return consequences.booked_in(
            adviser=adviser, starts_at=max(starts_at, now), ends_at=ends_at, now=now
        )

    return _again(
        lambda: _replace(
            find,
            reason=CancelReason.ADVISER_AWAY,
            days=absence_days(adviser, starts_at, ends_at),
            lay=lay,
            by=by,
            now=now,
        )
    )


@transaction.atomic
def close_site_and_replace(
    *, site: Site, first_on: date, last_on: date, reason: str, by: User, now: datetime
) -> tuple[SiteClosure, list[Replacement]]:
    """Close a site over booked sessions: each is cancelled, three slots are proposed, each person told once.

    Other sites are proposed to who comes, any adviser to who is called. Raises ClosureInvalid.
    """

    def lay() -> SiteClosure:
        return close_site(site=site, first_on=first_on, last_on=last_on, reason=reason, by=by, now=now)

    def find() -> QuerySet[Appointment]:
        return consequences.booked_on(site=site, first_on=first_on, last_on=last_on, now=now)

    check_closure(site=site, first_on=first_on, last_on=last_on, now=now)
    site = open_place(site)  # before people and days, as whoever closes it for good (ADR 0059)
    return _again(
        lambda: _replace(
            find,
            reason=CancelReason.SITE_CLOSED,
            days=closure_days(site, first_on, last_on, now=now),
            lay=lay,
            by=by,
            now=now,
        )
    )


def replace_adviser(
    *,
    adviser: Adviser,
    from_at: datetime,
    first: Adviser | None = None,
    also_people: Collection[int] = (),
    by: User,
    now: datetime,
) -> list[Replacement]:
    """Propose a colleague or other slots to each person booked with an adviser who leaves or is suspended.

    Call it once the adviser is no longer active, in the same transaction: every day up to the horizon is
    locked, so who books meanwhile is either replaced or refused. People who hold a slot lose their hold.
    `first` takes the sessions where free, before other colleagues. `also_people` are locked with the people
    booked, for what the caller does next in the order of ADR 0010.
    """
    starts_at = max(from_at, now)
    receives = Q(adviser=adviser) | Q(second_adviser=adviser)
    _, replaced = _again(
        lambda: _replace(
            lambda: consequences.booked_in(adviser=adviser, starts_at=starts_at, ends_at=None, now=now),
            reason=CancelReason.ADVISER_AWAY,
            days=absence_days(adviser, starts_at, rules.latest_start(now)),
            lay=lambda: _end_holds_of(receives, starts_at),
            first=first,
            also_people=also_people,
            by=by,
            now=now,
        )
    )
    return replaced


def replace_site(*, site: Site, by: User, now: datetime) -> list[Replacement]:
    """Propose other slots to each person booked at a site that closes for good.

    Call it once the site is no longer open, in the same transaction, as replace_adviser.
    """
    today = local_day(now, site.zone)
    _, replaced = _again(
        lambda: _replace(
            lambda: consequences.booked_on(site=site, first_on=today, last_on=FOR_GOOD, now=now),
            reason=CancelReason.SITE_CLOSED,
            days=closure_days(site, today, FOR_GOOD, now=now),
            lay=lambda: _end_holds_of(Q(site=site), now),
            by=by,
            now=now,
        )
    )
    return replaced


def _end_holds_of(theirs: Q, starts_at: datetime) -> None:
    withdraw(Appointment.objects.filter(theirs, period__endswith__gt=starts_at))


def _again(act: Callable) -> Any:
    """Each try is a transaction or savepoint of its own: nothing of a try that looked too early stays."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return act()
        except _Changed:
            continue
    raise TransitionRefused("L’agenda change en ce moment même. Recommencez dans un instant.")


def _replace(
    find: Callable[[], QuerySet[Appointment]],
    *,
    reason: str,
    days: Collection[tuple[int, date]],
    lay: Callable[[], Absence | SiteClosure | None],
    first: Adviser | None = None,
    also_people: Collection[int] = (),
    by: User,
    now: datetime,
) -> tuple[Any, list[Replacement]]:
    seen = list(find())
    days_locked = _lock_all(seen, reason=reason, days=days, also_people=also_people, now=now)
    booked = list(find().select_for_update(of=("self",)))
    if {appointment.pk for appointment in booked} - {appointment.pk for appointment in seen}:
        raise _Changed
    moved = [
        _hand_over(appointment, days_locked, reason=reason, first=first, by=by, now=now)
        for appointment in booked
    ]
    laid = lay()
    replaced = [
        _propose(appointment, former, reason=reason, cause=_cause(laid), by=by, now=now)
        for appointment, former in zip(booked, moved, strict=True)
    ]
    return laid, replaced


def _cause(laid: Absence | SiteClosure | None) -> dict[str, Any]:
    """The column of a replacement that names what was laid over it."""
    if laid is None:
        return {}
    return {"absence": laid} if isinstance(laid, Absence) else {"closure": laid}


def _lock_all(
    booked: list[Appointment], *, reason: str, days: Any, also_people: Collection[int], now: datetime
) -> set[tuple[int, date]]:
    """Requests, persons, then every adviser-day that may be written, each kind sorted (ADR 0010)."""
    requests = ServiceRequest.objects.filter(
        pk__in=[appointment.service_request_id for appointment in booked]
    )
    list(requests.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    people = Beneficiary.objects.filter(
        pk__in={*also_people, *(appointment.beneficiary_id for appointment in booked)}
    )
    list(people.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    wanted = set(days)
    for appointment in booked:
        day = local_day(appointment.starts_at, appointment.site.zone)
        wanted |= set(appointment.adviser_days)
        if reason != CancelReason.SITE_CLOSED:
            wanted |= {(colleague, day) for colleague in consequences.colleagues(appointment, now=now)}
    lock_adviser_days(wanted)
    return wanted


def _hand_over(
    appointment: Appointment,
    days_locked: set[tuple[int, date]],
    *,
    reason: str,
    first: Adviser | None,
    by: User,
    now: datetime,
) -> Adviser:
    """A colleague whose day is locked takes the session, else it is cancelled; returns who had it."""
    former, day = appointment.adviser, local_day(appointment.starts_at, appointment.site.zone)
    if reason != CancelReason.SITE_CLOSED:
        for colleague in consequences.colleagues(appointment, first=first, now=now):
            slot = consequences.slot_with(appointment, adviser=colleague, now=now)
            if slot is not None and (colleague, day) in days_locked:
                end_holds([colleague], appointment.starts_at, now=now)
                appointment.adviser = Adviser.objects.select_related("user").get(pk=colleague)
                appointment.busy_period = DateTimeTZRange(
                    appointment.starts_at, appointment.starts_at + slot.step
                )
                appointment.save(update_fields=["adviser", "busy_period"])
                return former
    mark_cancelled(appointment, by=CancelledBy.OPERATOR, reason=reason, now=now)
    follow_request(appointment.service_request, now=now, by=by)
    tell_followers(Event.CANCELLED, appointment=appointment, now=now)
    return former


def _propose(
    appointment: Appointment, former: Adviser, *, reason: str, cause: Any, by: User, now: datetime
) -> Replacement:
    taken_over = appointment.state == AppointmentState.BOOKED
    slots = [] if taken_over else consequences.other_slots(appointment, reason=reason, now=now)
    replacement = Replacement.objects.create(
        appointment=appointment,
        reason=reason,
        former_adviser=former,
        colleague=appointment.adviser if taken_over else None,
        slots=[slot.starts_at for slot in slots],
        state=ReplacementState.COLLEAGUE if taken_over else ReplacementState.SLOTS,
        asked_at=now,
        answer_by=rules.answer_by(appointment.starts_at, now=now),
        **cause,
    )
    record(
        action="operators.replacement.proposed",
        target=replacement,
        by=by,
        data={"state": replacement.state, "reason": reason},
        now=now,
    )
    notices.tell_replaced(replacement, slots=slots, now=now)
    return replacement


@transaction.atomic
def accept_replacement(*, replacement: Replacement, now: datetime) -> Replacement:
    """The colleague suits. Raises TransitionRefused once answered otherwise, FileRestricted."""
    lock_request(replacement.appointment.service_request)
    lock_person(owner(replacement.appointment))
    accepted = _locked(replacement, ReplacementState.ACCEPTED)
    if accepted.appointment.state != AppointmentState.BOOKED:
        raise TransitionRefused(unchanged(accepted.appointment))
    return _answer(accepted, ReplacementState.ACCEPTED, by=None, now=now)


@transaction.atomic
def choose_replacement(
    *, replacement: Replacement, site: Site, starts_at: datetime, mode: str, now: datetime
) -> Appointment:
    """Another slot than what is proposed; it counts as no move of the person's.

    Raises SlotTaken with the nearest others, TransitionRefused once answered otherwise, PersonAlreadyBooked.
    """
    present = Appointment.objects.select_related("beneficiary", "site__contract", "service_request").get(
        pk=replacement.appointment_id
    )

    def end(old: Appointment) -> int:
        _locked(replacement, ReplacementState.CHOSEN)
        if old.state == AppointmentState.BOOKED:
            mark_cancelled(old, by=CancelledBy.OPERATOR, reason=replacement.reason, now=now)
        elif old.state != AppointmentState.CANCELLED or hasattr(old, "moved_to"):
            raise TransitionRefused(unchanged(old))
        return old.move_count

    chosen = rebook(
        appointment=present,
        person=owner(present),
        wanted=WantedSlot(site=site, starts_at=starts_at, level=present.level, mode=mode),
        now=now,
        end=end,
    )
    follow_request(present.service_request, now=now, by=None)
    _answer(_locked(replacement, ReplacementState.CHOSEN), ReplacementState.CHOSEN, by=None, now=now)
    tell_followers(Event.MOVED, appointment=chosen, now=now)
    notices.tell_moved(chosen, now=now)
    return chosen


@transaction.atomic
def decline_replacement(*, replacement: Replacement, now: datetime) -> Replacement:
    """Nothing proposed suits: the session is cancelled if a colleague had it, and the request stays open.

    Raises TransitionRefused once answered otherwise.
    """
    request = lock_request(replacement.appointment.service_request)
    appointment = locked(replacement.appointment)
    declined = _locked(replacement, ReplacementState.DECLINED)
    if appointment.state == AppointmentState.BOOKED:
        mark_cancelled(appointment, by=CancelledBy.PERSON, reason=replacement.reason, now=now)
        follow_request(request, now=now, by=None)
        tell_followers(Event.CANCELLED, appointment=appointment, now=now)
        notices.tell_cancelled(appointment, now=now)
    return _answer(declined, ReplacementState.DECLINED, by=None, now=now)


@transaction.atomic
def settle_replacement(*, replacement: Replacement, by: User, now: datetime) -> Replacement:
    """The person was reached by telephone.

    Raises TransitionRefused once answered otherwise, FileRestricted.
    """
    lock_person(owner(replacement.appointment))
    return _answer(_locked(replacement, ReplacementState.SETTLED), ReplacementState.SETTLED, by=by, now=now)


def _locked(replacement: Replacement, target: str) -> Replacement:
    found = (
        Replacement.objects.select_for_update(of=("self",))
        .select_related("appointment")
        .get(pk=replacement.pk)
    )
    if not rules.may_answer(found.state, target):
        raise TransitionRefused(f"C’est déjà réglé : {found.get_state_display()}.")
    return found


def _answer(replacement: Replacement, state: str, *, by: User | None, now: datetime) -> Replacement:
    replacement.state, replacement.answered_at = state, now
    replacement.save(update_fields=["state", "answered_at"])
    record(action="operators.replacement.answered", target=replacement, by=by, data={"state": state}, now=now)
    return replacement


@transaction.atomic
def close_unanswered(*, now: datetime) -> int:
    """At the hour asked for: the colleague is kept, other slots become a call to make; returns how many.

    Rows somebody is answering are left to the next time. Safe to run twice.
    """
    over = Replacement.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state__in=[ReplacementState.COLLEAGUE, ReplacementState.SLOTS], answer_by__lte=now
    )
    replacements = list(over.order_by("pk"))
    for replacement in replacements:
        if replacement.state == ReplacementState.COLLEAGUE:
            _answer(replacement, ReplacementState.KEPT, by=None, now=now)
        else:
            replacement.state = ReplacementState.NO_ANSWER
            replacement.save(update_fields=["state"])
            record(action="operators.replacement.unanswered", target=replacement, by=None, now=now)
    return len(replacements)
