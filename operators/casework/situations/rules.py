from datetime import date

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User

EARLIEST = date(1960, 1, 1)  # the start of the longest working life
MONTHS_TO_ANSWER = 1  # RGPD, article 12(3)


def can_keep_situations(user: User) -> bool:
    """Who counsels reads and writes; who books, manages, steers or sends data never does."""
    return user.role == Role.ADVISER


def can_read_own_situation(user: User) -> bool:
    return user.role == Role.BENEFICIARY
