from collections.abc import Iterable

from cep_portal.accounts.enums import Role

LONGEST = 8000  # characters: a note, not a report
REASON_HOURS = 4  # how long « why I read » holds, for one pathway and one browser


def can_use_notes(user) -> bool:
    """Who counsels writes and reads; who books, manages or steers never does."""
    return user.role == Role.ADVISER


def can_read_own_notes(user) -> bool:
    return user.role == Role.BENEFICIARY


def must_say_why(user, followers: Iterable[int]) -> bool:
    """Whoever follows or received the person reads; a colleague of the organisation says why first."""
    return user.pk not in followers
