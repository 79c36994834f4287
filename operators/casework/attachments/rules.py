from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


def can_use_attachments(user: User) -> bool:
    """Who counsels; who books, manages or steers opens no file of a person."""
    return user.role == Role.ADVISER


def can_use_own_attachments(user: User) -> bool:
    return user.role == Role.BENEFICIARY


def may_remove(user: User, *, is_from_person: bool) -> bool:
    """A person takes back what the person added; an adviser what advisers added."""
    return is_from_person == (user.role == Role.BENEFICIARY)
