from cep_portal.accounts.enums import Role


def has_space(user) -> bool:
    return user.role == Role.BENEFICIARY
