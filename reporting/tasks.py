"""The app's tasks, gathered for Celery; each lives with its subject."""

from reporting.assessment.tasks import assess_closed_month, run_assessment
from reporting.kpis.tasks import compute_indicators
from reporting.packs.tasks import build_pack
from reporting.surveys.tasks import send_due_surveys

__all__ = [
    "assess_closed_month",
    "build_pack",
    "compute_indicators",
    "run_assessment",
    "send_due_surveys",
]
