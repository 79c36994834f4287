"""No column about a person (cep_portal.common.personal_data)."""

from operators.booking.supervision.models import OpeningRequest

IMPERSONAL = (OpeningRequest,)
