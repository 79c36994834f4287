from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


def can_answer_requests(user: User) -> bool:
    """Who takes the calls, and the advisers: a request is nobody's until its appointment is."""
    return user.role in (Role.INTAKE_OFFICER, Role.ADVISER)


def can_book_for_callers(user: User) -> bool:
    """Who has the person on the line; an intake officer books without reading any file (RDV-SP 1692)."""
    return user.role in (Role.INTAKE_OFFICER, Role.ADVISER)


def can_book_next(user: User) -> bool:
    return user.role == Role.ADVISER
