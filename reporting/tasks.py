"""The app's tasks, gathered for Celery; each lives with its subject."""

from reporting.kpis.tasks import compute_indicators
from reporting.surveys.tasks import send_due_surveys

__all__ = ["compute_indicators", "send_due_surveys"]
