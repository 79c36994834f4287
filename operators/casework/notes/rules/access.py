from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User

LONGEST = 8000  # characters: a note, not a report


def can_use_notes(user: User) -> bool:
    """Who counsels writes and reads; who books, manages or steers never does."""
    return user.role == Role.ADVISER


def can_read_own_notes(user: User) -> bool:
    return user.role == Role.BENEFICIARY
