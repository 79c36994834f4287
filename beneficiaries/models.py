"""The app's models, gathered for Django; each lives with its subject."""

from beneficiaries.complaints.models import Complaint, ComplaintContest
from beneficiaries.request.models import (
    Beneficiary,
    ContactCode,
    ContactPreferences,
    FormerRequest,
    ServiceRequest,
)
from beneficiaries.rights.models import DataExport, Erasure, PersonCode
from beneficiaries.signin.models import SignInCode

__all__ = [
    "Beneficiary",
    "Complaint",
    "ComplaintContest",
    "ContactCode",
    "ContactPreferences",
    "DataExport",
    "Erasure",
    "FormerRequest",
    "PersonCode",
    "ServiceRequest",
    "SignInCode",
]
