from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.undo import UNDO_WITHIN
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.casework.pathways.enums import Attendance, CorrectionChannel

if TYPE_CHECKING:
    from operators.casework.pathways.models import SessionCorrection

SOFT_CLOCK = timedelta(days=2)  # after it the page says « en retard »

OUTCOMES_OF_ATTENDANCE = {
    Attendance.ATTENDED: (AppointmentState.ATTENDED, ""),
    Attendance.NO_SHOW: (AppointmentState.NO_SHOW, ""),
    Attendance.CANCELLED_BY_PERSON: (AppointmentState.CANCELLED, CancelledBy.PERSON),
    Attendance.CANCELLED_BY_OPERATOR: (AppointmentState.CANCELLED, CancelledBy.OPERATOR),
}


def can_log_sessions(user: User) -> bool:
    return user.role == Role.ADVISER


def can_read_pathways(user: User) -> bool:
    """Who counsels reads the file; who books does not (docs/lessons.md, 60)."""
    return user.role == Role.ADVISER


def may_go_on(*, closed_on: date, back_on: date, within_days: int | None) -> bool:
    """Whether who comes back on a day takes the same pathway up again; the last day counts."""
    return within_days is None or (back_on - closed_on).days <= within_days


def is_late_to_log(ends_at: datetime, *, now: datetime) -> bool:
    return now - ends_at > SOFT_CLOCK


def month_is_closed(held_on: date, *, on: date) -> bool:
    """Whether the figures of a day's month are made: a session told later counts in a regularisation."""
    return (held_on.year, held_on.month) < (on.year, on.month)


def may_undo_correction(correction: "SessionCorrection", *, now: datetime) -> bool:
    """For ten minutes, and on the page alone: a file says its own facts again."""
    is_page = correction.channel == CorrectionChannel.PAGE
    return is_page and correction.undone_at is None and now - correction.corrected_at <= UNDO_WITHIN


def was_recorded_late(*, ends_at: datetime, recorded_at: datetime) -> bool:
    return is_late_to_log(ends_at, now=recorded_at)
