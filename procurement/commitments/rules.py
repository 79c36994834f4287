from datetime import date

from cep_portal.accounts.enums import Role


def can_read_commitments(user) -> bool:
    return user.role in (Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER)


def can_write_commitments(user) -> bool:
    return user.role == Role.CONTRACT_MANAGER


def can_read_own_commitments(user) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def month_before(month: date) -> date:
    """First day of the month before the one given by its first day."""
    return month_shifted(month, -1)


def month_shifted(month: date, by: int) -> date:
    """First day of the month `by` months later."""
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, index + 1, 1)


def penalty_clauses(params: dict) -> list[str]:
    """The clauses of a rule set that a commitment may refer to: its scales of points."""
    return [
        name for name, clause in params.items() if isinstance(clause, dict) and clause.get("kind") == "points"
    ]
