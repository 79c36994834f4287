"""The clock of the place: no column about a person (cep_portal.common.personal_data)."""

from cep_portal.training.models import TrainingPlace

IMPERSONAL = (TrainingPlace,)
