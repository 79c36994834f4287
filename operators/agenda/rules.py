from datetime import datetime, timedelta

from django.conf import settings

from cep_portal.accounts.enums import Role
from operators.agenda.enums import APPOINTMENT_TRANSITIONS, AppointmentState


def may_become(state: str, target: str) -> bool:
    return target in APPOINTMENT_TRANSITIONS[AppointmentState(state)]


def earliest_start(now: datetime) -> datetime:
    """A slot is offered with a minimum notice, the same for every channel."""
    return now + timedelta(hours=settings.PORTAL_MINIMUM_NOTICE_HOURS)


def latest_start(now: datetime) -> datetime:
    return now + timedelta(weeks=settings.PORTAL_HORIZON_WEEKS)


def change_limit(starts_at: datetime) -> datetime:
    """Until when the person moves or cancels alone: one rule, shown as a date and an hour."""
    return starts_at - timedelta(hours=settings.PORTAL_CHANGE_LIMIT_HOURS)


def can_change(appointment, *, now: datetime) -> bool:
    return appointment.state == AppointmentState.BOOKED and now <= change_limit(appointment.starts_at)


def hold_is_live(appointment, *, now: datetime) -> bool:
    return appointment.state == AppointmentState.ON_HOLD and appointment.hold_expires_at > now


def can_manage_own_openings(user) -> bool:
    return user.role == Role.ADVISER
