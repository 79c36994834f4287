"""One booking service for every channel: person, intake officer, adviser."""

from operators.agenda.reminders import write_due_reminders
from operators.agenda.services.bookings import (
    cancel_appointment,
    confirm_hold,
    move_appointment,
)
from operators.agenda.services.holds import expire, expire_holds, hold_slot, release_hold
from operators.agenda.services.openings import (
    end_opening,
    lay_absence,
    open_hours,
    remove_absence,
)

__all__ = [
    "cancel_appointment",
    "confirm_hold",
    "end_opening",
    "expire",
    "expire_holds",
    "hold_slot",
    "lay_absence",
    "move_appointment",
    "open_hours",
    "release_hold",
    "remove_absence",
    "write_due_reminders",
]
