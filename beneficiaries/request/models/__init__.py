from beneficiaries.request.models.codes import ContactCode
from beneficiaries.request.models.former import FormerRequest
from beneficiaries.request.models.people import (
    ERASED_DOMAIN,
    ERASED_FIRST_NAME,
    ERASED_LAST_NAME,
    MOBILE_SHAPE,
    Beneficiary,
    ContactPreferences,
    open_file,
    phone_tail,
    searched_name,
)
from beneficiaries.request.models.requests import ServiceRequest
from beneficiaries.request.models.walls import follows_merge, untouched

__all__ = [
    "ERASED_DOMAIN",
    "ERASED_FIRST_NAME",
    "ERASED_LAST_NAME",
    "MOBILE_SHAPE",
    "Beneficiary",
    "ContactCode",
    "ContactPreferences",
    "FormerRequest",
    "ServiceRequest",
    "follows_merge",
    "open_file",
    "phone_tail",
    "searched_name",
    "untouched",
]
