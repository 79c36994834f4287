from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


def has_space(user: User) -> bool:
    return user.role == Role.BENEFICIARY
