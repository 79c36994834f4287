"""No column about a person (cep_portal.common.personal_data)."""

from procurement.contracts.models import Contract

IMPERSONAL = (Contract,)
