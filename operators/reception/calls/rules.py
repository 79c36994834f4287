from datetime import date, timedelta

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User

# The operators' own practice: an appointment within ten days (domain, market 1).
ANSWERED_WITHIN = timedelta(days=10)


def is_late_to_answer(requested_on: date, *, on: date) -> bool:
    return on - requested_on > ANSWERED_WITHIN


def can_answer_requests(user: User) -> bool:
    """Who takes the calls, and the advisers: a request is nobody's until its appointment is."""
    return user.role in (Role.INTAKE_OFFICER, Role.ADVISER)


def can_book_for_callers(user: User) -> bool:
    """Who has the person on the line; an intake officer books without reading any file (RDV-SP 1692)."""
    return user.role in (Role.INTAKE_OFFICER, Role.ADVISER)


def can_book_next(user: User) -> bool:
    return user.role == Role.ADVISER
