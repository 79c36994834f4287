"""The app's tasks, gathered for Celery; each lives with its subject."""

from procurement.followup.tasks import mark_silent_penalties

__all__ = ["mark_silent_penalties"]
