from operators.booking.groups.notices.reminders import write_due_reminders
from operators.booking.groups.services.places import book_place, cancel_place
from operators.booking.groups.services.sessions import (
    MeetingPlan,
    cancel_group_session,
    mark_attendance,
    note_reached,
    open_group_session,
)

__all__ = [
    "MeetingPlan",
    "book_place",
    "cancel_group_session",
    "cancel_place",
    "mark_attendance",
    "note_reached",
    "open_group_session",
    "write_due_reminders",
]
