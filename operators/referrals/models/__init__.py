from operators.referrals.models.doors import DoorChange, ReferralDoor
from operators.referrals.models.referrals import Referral

__all__ = ["DoorChange", "Referral", "ReferralDoor"]
