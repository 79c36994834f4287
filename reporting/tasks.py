"""The app's tasks, gathered for Celery; each lives with its subject."""

from reporting.kpis.tasks import compute_indicators

__all__ = ["compute_indicators"]
