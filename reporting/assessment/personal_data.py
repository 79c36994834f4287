"""No column about a person (cep_portal.common.personal_data)."""

from reporting.assessment.models import CommitmentResult

IMPERSONAL = (CommitmentResult,)
