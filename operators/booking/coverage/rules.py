from cep_portal.accounts.enums import Role


def can_read_coverage(user) -> bool:
    return user.role in Role.of_france_competences or user.role in Role.of_operators
