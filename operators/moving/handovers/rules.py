from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


def can_hand_over(user: User) -> bool:
    """From a file: who reads it."""
    return user.role == Role.ADVISER


def can_hand_over_portfolios(user: User) -> bool:
    """One's own portfolio, or any of the team for a manager, who reads no name there."""
    return user.role in {Role.ADVISER, Role.OPERATOR_MANAGER}
