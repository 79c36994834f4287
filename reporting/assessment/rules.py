from dataclasses import dataclass
from decimal import Decimal

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User

MET, MISSED, NO_DATA, UNRIPE, UNJUDGED = "met", "missed", "no_data", "unripe", "unjudged"


@dataclass(frozen=True)
class Measure:
    """The counts of one contract, all its regions summed, and the value made from them, as it is printed.

    `value` is None when nothing was counted.
    """

    numerator: int
    denominator: int | None
    value: Decimal | None


def can_read_assessments(user: User) -> bool:
    return user.role in (Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER)
