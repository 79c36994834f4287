from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.referrals.enums import REFERRAL_TRANSITIONS, ReferralState

if TYPE_CHECKING:
    from operators.casework.referrals.models import Referral, ReferralDoor

COMMON_KEEPERS = (Role.CONTRACT_MANAGER, Role.ADMINISTRATOR)  # and of the doors that every operator sees
NEAR, REGIONAL, NATIONAL = "department", "region", "national"
FORGOTTEN_AFTER = timedelta(days=7)  # what was announced at a session is then late
ANNOUNCED_FOR = timedelta(days=60)  # beyond, it is no act of the day


def can_refer(user: User) -> bool:
    return user.role == Role.ADVISER


def can_keep_doors(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER or user.role in COMMON_KEEPERS


def keeps(user: User, door: "ReferralDoor") -> bool:
    """A manager keeps the doors of the operator, France compétences all of them."""
    if user.role == Role.OPERATOR_MANAGER:
        return door.organisation_id == user.organisation_id
    return user.role in COMMON_KEEPERS


def nearness(door: "ReferralDoor", *, department: str, region: str) -> str | None:
    """Whether a door serves a place, and how near: its department, its region, the whole country."""
    if department in door.department_codes:
        return NEAR
    if region in door.region_codes:
        return REGIONAL
    return NATIONAL if door.is_national else None


def may_become(state: str, target: str) -> bool:
    return ReferralState(target) in REFERRAL_TRANSITIONS[ReferralState(state)]


def late_after(sent_at: datetime) -> datetime:
    return sent_at + timedelta(days=settings.PORTAL_REFERRAL_ANSWER_DAYS)


def is_late(referral: "Referral", *, now: datetime) -> bool:
    return referral.state == ReferralState.PENDING and now > late_after(referral.sent_at)


def opens(referral: "Referral", *, now: datetime) -> bool:
    """Whether the partner's link still shows what was transmitted: while something is expected of it."""
    person = referral.pathway.beneficiary
    return (
        referral.state in ReferralState.open
        and now < referral.sent_at + timedelta(days=settings.PORTAL_REFERRAL_LINK_DAYS)
        and person.restricted_at is None
        and person.erased_at is None
    )
