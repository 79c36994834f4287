"""No column about a person (cep_portal.common.personal_data)."""

from procurement.commitments.models import Commitment, CommitmentVersion

IMPERSONAL = (Commitment, CommitmentVersion)
