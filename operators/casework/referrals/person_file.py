"""What waits for a person elsewhere ends with the file: frozen or erased, nothing more is shown."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.casework.referrals.enums import ReferralState
from operators.casework.referrals.models import Referral
from operators.casework.referrals.services import withdraw_referral


def withdraw_open(*, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool) -> None:  # noqa: ARG001 -- a release
    open_ones = Referral.objects.filter(pathway__beneficiary=beneficiary, state__in=ReferralState.open)
    for referral in open_ones.order_by("pk"):
        withdraw_referral(referral=referral, by=by, now=now)
