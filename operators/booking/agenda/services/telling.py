"""What follows a booking, a move or a cancellation, in its own transaction."""

from datetime import datetime

from django.db.models import Q

from cep_portal.common.compiled import prepared
from operators.booking.agenda.enums import ReplacementState
from operators.booking.agenda.hooks import FOLLOWERS, Change, Event
from operators.booking.agenda.models import Appointment, Replacement


def tell_followers(event: Event, *, appointment: Appointment, now: datetime) -> None:
    """Settle what was asked of the person, then let the subjects above follow."""
    change = Change(event, appointment, now)
    _settle_replacements(change)
    for follow in FOLLOWERS:
        follow(change)


def _settle_replacements(change: Change) -> None:
    """Whoever booked, moved or cancelled by another way has answered: nobody is called in vain."""
    appointment = change.appointment
    if change.event is Event.BOOKED and appointment.service_request_id is not None:
        _answered_by_booking(appointment.service_request_id, now=change.now)
        return
    state = ReplacementState.DECLINED if change.event is Event.CANCELLED else ReplacementState.CHOSEN
    theirs = Q(appointment=appointment.pk) | Q(appointment=appointment.moved_from_id)
    answered = Replacement.objects.filter(theirs, state__in=ReplacementState.waiting)
    answered.update(state=state, answered_at=change.now)


def _answered_by_booking(request_id: int, *, now: datetime) -> None:
    """Asked at each booking, and nearly always of nobody: one plain statement."""
    with prepared() as cursor:
        cursor.execute(
            """
            UPDATE operators_replacement AS one SET state = 'CHOSEN', answered_at = %s
            FROM operators_appointment AS lost
            WHERE lost.id = one.appointment_id AND lost.service_request_id = %s
                AND lost.state = 'CANCELLED' AND one.state = ANY(%s)
            """,
            [now, request_id, list(ReplacementState.waiting)],
        )
