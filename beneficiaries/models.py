"""The app's models, gathered for Django; each lives with its subject."""

from beneficiaries.request.models import Beneficiary, ContactPreferences, EmailCode, ServiceRequest
from beneficiaries.rights.models import DataExport, Erasure, PersonCode

__all__ = [
    "Beneficiary",
    "ContactPreferences",
    "DataExport",
    "EmailCode",
    "Erasure",
    "PersonCode",
    "ServiceRequest",
]
