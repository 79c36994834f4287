"""The app's tasks, gathered for Celery; each lives with its subject."""

from operators.agenda.tasks import expire_holds, write_due_reminders
from operators.demand.tasks import forget_calls, offer_free_slots, pass_offers
from operators.supervision.tasks import measure_delays

__all__ = [
    "expire_holds",
    "forget_calls",
    "measure_delays",
    "offer_free_slots",
    "pass_offers",
    "write_due_reminders",
]
