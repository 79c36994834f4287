"""The app's tasks, gathered for Celery; each lives with its subject."""

from operators.agenda.tasks import expire_holds, write_due_reminders
from operators.supervision.tasks import measure_delays

__all__ = ["expire_holds", "measure_delays", "write_due_reminders"]
