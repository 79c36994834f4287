from cep_portal.accounts.enums import Role


def can_run_network(user) -> bool:
    return user.role == Role.OPERATOR_MANAGER
