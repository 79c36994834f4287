from operators.casework.referrals.models.doors import DoorChange, ReferralDoor
from operators.casework.referrals.models.referrals import Referral

__all__ = ["DoorChange", "Referral", "ReferralDoor"]
