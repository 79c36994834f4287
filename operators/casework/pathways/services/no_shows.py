"""« Pas venu » in one press, and ten minutes to take it back."""

from datetime import datetime, timedelta

from django.db import transaction

from beneficiaries.request.services import mark_scheduled
from cep_portal.accounts.models import User
from cep_portal.accounts.selectors import last_happened
from cep_portal.accounts.services import record
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import Attendance
from operators.casework.pathways.errors import NoShowStands
from operators.casework.pathways.hooks import Event, tell_followers
from operators.casework.pathways.rules import UNDO_WITHIN
from operators.casework.pathways.services.entering import SessionFacts
from operators.casework.pathways.services.log import LOGGED, lock_appointment, log_session


def note_no_show(*, appointment: Appointment, by: User, now: datetime) -> None:
    """Log that the person did not come, as log_session does. Raises its refusals."""
    minutes = (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1)
    facts = SessionFacts(
        level=appointment.level,
        mode=appointment.mode,
        starts_at=appointment.starts_at,
        duration_minutes=minutes,
        themes=(),
        next_step="",
    )
    log_session(appointment=appointment, attendance=Attendance.NO_SHOW, facts=facts, by=by, now=now)


@transaction.atomic
def undo_no_show(*, appointment: Appointment, by: User, now: datetime) -> Appointment:
    """Give an appointment back its log to write, within ten minutes of the no-show that was logged.

    A pathway closed by the same log stays closed: its file reopens it. Raises NoShowStands afterwards, or
    when it says something else, FileRestricted.
    """
    logged = lock_appointment(appointment)
    at = last_happened(action=LOGGED, target=logged)
    is_recent = at is not None and now - at <= UNDO_WITHIN
    if logged.state != AppointmentState.NO_SHOW or not is_recent:
        raise NoShowStands("Les dix minutes sont passées, ou ce rendez-vous dit autre chose.")
    logged.state = AppointmentState.BOOKED
    logged.save(update_fields=["state"])
    if logged.service_request is not None:
        mark_scheduled(service_request=logged.service_request, now=now, by=by)
    record(action="operators.appointment.no_show_undone", target=logged, by=by, now=now)
    tell_followers(Event.NO_SHOW_UNDONE, subject=logged, now=now)
    return logged
