from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User

READERS = (Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER)


def can_read_penalties(user: User) -> bool:
    return user.role in READERS


def can_instruct(user: User) -> bool:
    """Notify or drop a proposed penalty: the first of the three mandates (INV-22)."""
    return user.role == Role.CONTRACT_MANAGER


def can_observe(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_decide(user: User) -> bool:
    return user.role == Role.DECIDER


def can_open_figure(user: User) -> bool:
    """Exact figures are for who analyses, manages and decides the contract, and its holder."""
    return user.role in (Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER, Role.OPERATOR_MANAGER)
