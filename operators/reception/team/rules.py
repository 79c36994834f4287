from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.network.models import Adviser


def can_run_network(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def awaits_password(adviser: Adviser) -> bool:
    """Invited, and not come yet."""
    return adviser.is_active and not adviser.user.has_usable_password()
