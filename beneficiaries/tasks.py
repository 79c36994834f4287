"""The app's tasks, gathered for Celery; each lives with its subject."""

from beneficiaries.subjects import SUBJECTS
from cep_portal.common.subjects import modules

modules("tasks", *SUBJECTS)
