from cep_portal.accounts.enums import Role


def can_run_network(user) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def awaits_password(adviser) -> bool:
    """Invited, and not come yet."""
    return adviser.is_active and not adviser.user.has_usable_password()
