"""The app's tasks, gathered for Celery; each lives with its subject."""

from beneficiaries.request.tasks import forget_codes

__all__ = ["forget_codes"]
