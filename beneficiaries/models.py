"""The app's models, gathered for Django; each lives with its subject."""

from beneficiaries.request.models import Beneficiary, ContactPreferences, EmailCode, ServiceRequest

__all__ = ["Beneficiary", "ContactPreferences", "EmailCode", "ServiceRequest"]
