from operators.casework.referrals.services.doors import add_door, change_door, load_doors
from operators.casework.referrals.services.referrals import (
    ReferralFacts,
    answer_referral,
    send_referral,
    withdraw_referral,
)

__all__ = [
    "ReferralFacts",
    "add_door",
    "answer_referral",
    "change_door",
    "load_doors",
    "send_referral",
    "withdraw_referral",
]
