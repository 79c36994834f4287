from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from beneficiaries.request.enums import AccessNeed, ContactHours
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.messaging.enums import MessageChannel
from operators.booking.agenda.enums import (
    APPOINTMENT_TRANSITIONS,
    REPLACEMENT_TRANSITIONS,
    AppointmentState,
    CancelledBy,
    CancelReason,
    ReplacementState,
)
from operators.booking.agenda.errors import AccessNotMet
from operators.network.enums import AdviserSkill, Mode
from operators.network.models import Adviser, Site

if TYPE_CHECKING:
    from operators.booking.agenda.models import Appointment, Replacement

# A need that nobody else can meet keeps the advisers who can; one that can be prepared only prefers them.
REQUIRED_SKILLS = {AccessNeed.SIGN_LANGUAGE: AdviserSkill.SIGN_LANGUAGE}
WISHED_SKILLS = {AccessNeed.EASY_TO_READ: AdviserSkill.EASY_TO_READ}
# Local hours in which a reminder may reach a person, by what they chose.
REMINDER_HOURS = {
    ContactHours.ANY: (time(10), time(20)),
    ContactHours.BEFORE_9: (time(7, 30), time(9)),
    ContactHours.LUNCH: (time(12), time(14)),
    ContactHours.AFTER_18: (time(18), time(21)),
}
MAIL_WAITS = timedelta(hours=24)  # an e-mail rings nobody: it may come later than it was due


def may_become(state: str, target: str) -> bool:
    return target in APPOINTMENT_TRANSITIONS[AppointmentState(state)]


def earliest_start(now: datetime) -> datetime:
    """A slot is offered with a minimum notice, the same for every channel."""
    return now + timedelta(hours=settings.PORTAL_MINIMUM_NOTICE_HOURS)


def latest_start(now: datetime) -> datetime:
    return now + timedelta(weeks=settings.PORTAL_HORIZON_WEEKS)


def required_skills(access_needs: Collection[str]) -> list[str]:
    """What an adviser must be able to do for these needs, where one is seen."""
    return sorted(skill for need, skill in REQUIRED_SKILLS.items() if need in access_needs)


def wished_skills(access_needs: Collection[str]) -> set[str]:
    return {skill.value for need, skill in WISHED_SKILLS.items() if need in access_needs}


def phone_fits(access_needs: Collection[str]) -> bool:
    """Whether these needs can be met on the phone: who signs wants a relay there."""
    return AccessNeed.SIGN_LANGUAGE not in access_needs or AccessNeed.PHONE_RELAY in access_needs


def change_limit(starts_at: datetime) -> datetime:
    """Until when the person moves or cancels alone: one rule, shown as a date and an hour."""
    return starts_at - timedelta(hours=settings.PORTAL_CHANGE_LIMIT_HOURS)


def can_change(appointment: "Appointment", *, now: datetime) -> bool:
    return appointment.state == AppointmentState.BOOKED and now <= change_limit(appointment.starts_at)


def is_own_hour(
    appointment: "Appointment", *, site_id: int, starts_at: datetime, mode: str, level: str
) -> bool:
    """Whether a slot is what the person already has: no other hour, no other way, no other place to go to."""
    same = (appointment.starts_at, appointment.mode, appointment.level) == (starts_at, mode, level)
    return same and (mode != Mode.ON_SITE or appointment.site_id == site_id)


def restore_limit(appointment: "Appointment") -> datetime | None:
    """Until when a cancellation may be undone; None for one that is not cancelled."""
    if appointment.cancelled_at is None:
        return None
    ends_at = appointment.cancelled_at + timedelta(minutes=settings.PORTAL_UNDO_MINUTES)
    return min(ends_at, appointment.starts_at)


def can_restore(appointment: "Appointment", *, now: datetime) -> bool:
    """A cancellation by mistake is undone within minutes, by the person only (RDV-SP 2538)."""
    return (
        appointment.state == AppointmentState.CANCELLED
        and appointment.cancelled_by == CancelledBy.PERSON
        and appointment.cancel_reason != CancelReason.MOVED
        and (limit := restore_limit(appointment)) is not None
        and now < limit
    )


def offers_a_call(appointment: "Appointment") -> bool:
    """After two moves a call is offered; the person still moves as often as they want (RDV-I 478)."""
    return appointment.move_count >= settings.PORTAL_MOVES_BEFORE_CALL


def link_ends_at(appointment: "Appointment") -> datetime:
    """Until when the signed link opens the appointment."""
    return appointment.ends_at + timedelta(days=settings.PORTAL_LINK_DAYS)


def check_access(site: Site, mode: str, access_needs: Collection[str]) -> None:
    """Raises AccessNotMet for who needs no step and would be received behind some, or signs and is phoned."""
    if mode == Mode.ON_SITE and AccessNeed.STEP_FREE in access_needs and not site.is_step_free:
        raise AccessNotMet(
            f"Il y a des marches à {site.name}. Choisissez un autre lieu, ou un rendez-vous à distance."
        )
    if mode == Mode.PHONE and not phone_fits(access_needs):
        raise AccessNotMet(
            "Au téléphone, personne ne signe. Choisissez sur place ou en visio,"
            " ou demandez le relais téléphonique."
        )


def check_receivers(receivers: Iterable[Adviser | None], mode: str, access_needs: Collection[str]) -> None:
    """Raises AccessNotMet for who signs and would be received, seen, by advisers of whom none does."""
    skills = {skill for adviser in receivers if adviser for skill in adviser.skills}
    if mode != Mode.PHONE and not skills.issuperset(required_skills(access_needs)):
        raise AccessNotMet(
            "À cette heure-là, le conseiller ne signe pas. Gardez-la sans ce besoin,"
            " ou appelez-nous pour une heure avec un conseiller qui signe."
        )


def hold_is_live(appointment: "Appointment", *, now: datetime) -> bool:
    ends_at = appointment.hold_expires_at
    return appointment.state == AppointmentState.ON_HOLD and ends_at is not None and ends_at > now


def reminder_window(starts_at: datetime, zone: str, *, channel: str, hours: str) -> tuple[datetime, datetime]:
    """When a reminder may leave, half-open, in the hours the person chose and the zone of the site.

    An SMS outside them is not sent at all; no window reaches the appointment (RDV-SP 4351).
    """
    here = ZoneInfo(zone)
    day = local_day(starts_at, here) - timedelta(days=settings.PORTAL_REMINDER_DAYS[channel])
    first, last = REMINDER_HOURS[ContactHours(hours)]
    opens, closes = datetime.combine(day, first, here), datetime.combine(day, last, here)
    if channel == MessageChannel.EMAIL:
        closes = opens + MAIL_WAITS
    return opens, closes


def booked_before_day(booked_at: datetime | None, instant: datetime, zone: str) -> bool:
    """Whether the booking is older than the local day of an instant; a date nobody knows is old."""
    here = ZoneInfo(zone)
    return booked_at is None or local_day(booked_at, here) < local_day(instant, here)


def can_manage_own_openings(user: User) -> bool:
    return user.role == Role.ADVISER


def can_close_sites(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def may_answer(state: str, target: str) -> bool:
    return target in REPLACEMENT_TRANSITIONS[ReplacementState(state)]


def answer_by(starts_at: datetime, *, now: datetime) -> datetime:
    """Until when an answer is awaited: PORTAL_ANSWER_HOURS, never past the hour that is lost."""
    return max(now, min(now + timedelta(hours=settings.PORTAL_ANSWER_HOURS), starts_at))


def can_answer(replacement: "Replacement", *, now: datetime) -> bool:
    """Whether something is left to answer: not that a colleague receives the person, once it is over."""
    if replacement.state not in ReplacementState.answerable:
        return False
    return replacement.state not in ReplacementState.with_colleague or now < replacement.appointment.starts_at


def must_call(replacement: "Replacement", *, now: datetime) -> bool:
    """Whether somebody must call: no answer, or the hour too near for a message to be enough."""
    if replacement.state == ReplacementState.NO_ANSWER:
        return True
    near = replacement.appointment.starts_at - now < timedelta(hours=settings.PORTAL_CALL_WITHIN_HOURS)
    return replacement.state == ReplacementState.SLOTS and near


def can_replace(user: User) -> bool:
    """Lay an absence over booked sessions: one's own, or a team's."""
    return user.role in {Role.ADVISER, Role.OPERATOR_MANAGER}


def can_follow_replacements(user: User) -> bool:
    return user.role in {Role.ADVISER, Role.OPERATOR_MANAGER, Role.INTAKE_OFFICER}
