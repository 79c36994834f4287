from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.agenda.enums import AppointmentState

REQUESTS_KEY = "partner_requests"
OUTCOMES = {
    AppointmentState.ATTENDED: "rencontré",
    AppointmentState.NO_SHOW: "non rencontré",
    AppointmentState.CANCELLED: "non rencontré",
}


def can_book_with_people(user: User) -> bool:
    return user.role in Role.of_partners


def is_started_here(reference: str, session: SessionBase) -> bool:
    """Whether this browser began the request, and has not finished: nothing else opens it to a partner."""
    return reference in session.get(REQUESTS_KEY, [])


def outcome(booking: Any, *, now: datetime) -> str:
    """« rencontré » or « non rencontré » once the hour is past, only if the person agrees; else nothing.

    Refused, withdrawn and not known yet look the same: the partner cannot guess which.
    """
    if not booking.outcome_agreed or booking.withdrawn_at is not None or booking.present.ends_at > now:
        return ""
    return OUTCOMES.get(AppointmentState(booking.present.state), "")


def initials(person: Beneficiary) -> str:
    return f"{person.first_name[:1]}. {person.last_name[:1]}.".upper()
