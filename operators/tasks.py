"""The app's tasks, gathered for Celery; each lives with its subject."""

from operators.agenda.tasks import expire_holds

__all__ = ["expire_holds"]
