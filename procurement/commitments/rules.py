from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


def can_read_commitments(user: User) -> bool:
    return user.role in (Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER)


def can_write_commitments(user: User) -> bool:
    return user.role == Role.CONTRACT_MANAGER


def can_read_own_commitments(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def penalty_clauses(params: dict) -> list[str]:
    """The clauses of a rule set that a commitment may refer to: its scales of points."""
    return [
        name for name, clause in params.items() if isinstance(clause, dict) and clause.get("kind") == "points"
    ]
