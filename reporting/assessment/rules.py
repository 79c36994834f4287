from dataclasses import dataclass
from decimal import Decimal

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User

MET, MISSED, NO_DATA, SECRET, UNRIPE = "met", "missed", "no_data", "secret", "unripe"


@dataclass(frozen=True)
class Measure:
    """The counts of one contract, all its regions summed, and the value made from them.

    `value` is None when nothing was counted; `masked` when a published table may not show it.
    """

    numerator: int
    denominator: int | None
    value: Decimal | None
    masked: bool


def can_read_exact(user: User) -> bool:
    """Who reads a contract's own counts whatever the secrecy of what is published: its parties know them."""
    return user.role in (Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER)


def can_read_assessments(user: User) -> bool:
    return user.role in (Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER)


def can_run_assessment(user: User) -> bool:
    return user.role == Role.CONTRACT_MANAGER
