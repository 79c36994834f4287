from operators.booking.agenda.selectors.advisers import advisers_in_order, known_adviser, week_start
from operators.booking.agenda.selectors.appointments import (
    Fact,
    appointments_of,
    bookings_of_request,
    coming_of_request,
    confirmations_of,
    holds_and_meetings,
    live_hold,
    next_appointment,
)
from operators.booking.agenda.selectors.openings import coming_absences, opening_rules, recurring_absences
from operators.booking.agenda.selectors.replacements import (
    replacement_of,
    replacements_settled,
    replacements_to_follow,
)
from operators.booking.agenda.selectors.slots import (
    NEAREST_WINDOW,
    Slot,
    SlotFilters,
    SlotTime,
    free_slots,
    modes_of,
    nearest_slots,
    next_availability,
    slot_at,
    slot_times,
)

__all__ = [
    "NEAREST_WINDOW",
    "Fact",
    "Slot",
    "SlotFilters",
    "SlotTime",
    "advisers_in_order",
    "appointments_of",
    "bookings_of_request",
    "coming_absences",
    "coming_of_request",
    "confirmations_of",
    "free_slots",
    "holds_and_meetings",
    "known_adviser",
    "live_hold",
    "modes_of",
    "nearest_slots",
    "next_appointment",
    "next_availability",
    "opening_rules",
    "recurring_absences",
    "replacement_of",
    "replacements_settled",
    "replacements_to_follow",
    "slot_at",
    "slot_times",
    "week_start",
]
