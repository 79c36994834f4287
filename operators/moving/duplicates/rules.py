from collections.abc import Collection
from datetime import datetime

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common import retention
from operators.moving.duplicates.enums import Alike

ENOUGH = 60  # one contact and a name that is close, the same name in the same commune, or both contacts
CLOSE_NAMES = 0.6  # pg_trgm; « Lefevre » and « Lefèvre » are one name, « Martin » and « Martins » are close
MOST_SHARING = 10  # a mailbox or a number of more people is an association's: it says nothing
UNDO_FOR = retention.DELAYS["undo_merge"].duration


def can_merge_people(user: User) -> bool:
    """Who follows people or answers for those who do; an intake officer merges nobody."""
    return user.role in {Role.ADVISER, Role.OPERATOR_MANAGER}


def score(alike: Collection[str]) -> int:
    """How much two files resemble each other: the sum of the weights, a close name not counted twice."""
    return sum(Alike.weights[one] for one in alike)


def are_alike(alike: Collection[str]) -> bool:
    return score(alike) >= ENOUGH


def undo_until(merged_at: datetime) -> datetime:
    return merged_at + UNDO_FOR


def rank(person: Beneficiary, *, is_elsewhere: bool, has_merged: bool) -> tuple:
    """The person of the lowest rank is kept: whom a merge may not absorb, then a proved contact, an account,
    the one known first. `is_elsewhere`: another operator knows them; `has_merged`: they absorbed somebody.
    """
    is_proved = person.email_verified_at is not None or person.phone_verified_at is not None
    return (
        not (is_elsewhere or has_merged),
        not is_proved,
        person.user_id is None,
        person.created_at,
        person.pk,
    )
