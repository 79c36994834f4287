from cep_portal.accounts.enums import Role


def can_see_team(user) -> bool:
    return user.role == Role.OPERATOR_MANAGER
