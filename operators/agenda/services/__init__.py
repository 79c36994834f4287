"""One booking service for every channel: person, intake officer, adviser."""

from operators.agenda.reminders import write_due_reminders
from operators.agenda.services.bookings import confirm_hold
from operators.agenda.services.changes import (
    cancel_appointment,
    change_mode,
    move_appointment,
    restore_appointment,
)
from operators.agenda.services.closures import close_site, reopen_site
from operators.agenda.services.holds import (
    amend_access_needs,
    expire,
    expire_holds,
    hold_slot,
    release_hold,
)
from operators.agenda.services.locks import lock_file, lock_person, lock_request
from operators.agenda.services.occurrences import change_opening_day, restore_opening_day
from operators.agenda.services.openings import (
    end_opening,
    lay_absence,
    open_hours,
    remove_absence,
)
from operators.agenda.services.recurring import lay_recurring_absence, remove_recurring_absence

__all__ = [
    "amend_access_needs",
    "cancel_appointment",
    "change_mode",
    "change_opening_day",
    "close_site",
    "confirm_hold",
    "end_opening",
    "expire",
    "expire_holds",
    "hold_slot",
    "lay_absence",
    "lay_recurring_absence",
    "lock_file",
    "lock_person",
    "lock_request",
    "move_appointment",
    "open_hours",
    "release_hold",
    "remove_absence",
    "remove_recurring_absence",
    "reopen_site",
    "restore_appointment",
    "restore_opening_day",
    "write_due_reminders",
]
