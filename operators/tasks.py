"""The app's tasks, gathered for Celery; each lives with its subject."""

from cep_portal.common.subjects import modules
from operators.subjects import SUBJECTS

modules("tasks", *SUBJECTS)
