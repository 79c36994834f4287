"""The app's tasks, gathered for Celery; each lives with its subject."""

from beneficiaries.complaints.tasks import remind_managers
from beneficiaries.request.tasks import forget_codes
from beneficiaries.rights.tasks import build_export, purge_people, withdraw_exports

__all__ = ["build_export", "forget_codes", "purge_people", "remind_managers", "withdraw_exports"]
