from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


def can_see_team(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER
