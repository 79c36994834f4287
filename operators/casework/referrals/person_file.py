"""What waits for a person elsewhere ends with the file: frozen or erased, nothing more is shown."""

from beneficiaries.rights.hooks import FileEnd
from operators.casework.referrals.enums import ReferralState
from operators.casework.referrals.models import Referral
from operators.casework.referrals.services import withdraw_referral


def withdraw_open(file_end: FileEnd) -> None:
    open_ones = Referral.objects.filter(
        pathway__beneficiary=file_end.beneficiary, state__in=ReferralState.open
    )
    for referral in open_ones.order_by("pk"):
        withdraw_referral(referral=referral, by=file_end.by, now=file_end.now)
