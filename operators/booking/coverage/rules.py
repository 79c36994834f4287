from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


def can_read_coverage(user: User) -> bool:
    return user.role in Role.of_france_competences or user.role in Role.of_operators
