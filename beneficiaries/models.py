"""The app's models, gathered for Django; each lives with its subject."""

from beneficiaries.request.models import Beneficiary, EmailCode, ServiceRequest

__all__ = ["Beneficiary", "EmailCode", "ServiceRequest"]
