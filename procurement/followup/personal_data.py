"""No column about a person (cep_portal.common.personal_data)."""

from procurement.followup.models import Penalty

IMPERSONAL = (Penalty,)
