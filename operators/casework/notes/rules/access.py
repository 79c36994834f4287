from cep_portal.accounts.enums import Role

LONGEST = 8000  # characters: a note, not a report


def can_use_notes(user) -> bool:
    """Who counsels writes and reads; who books, manages or steers never does."""
    return user.role == Role.ADVISER


def can_read_own_notes(user) -> bool:
    return user.role == Role.BENEFICIARY
