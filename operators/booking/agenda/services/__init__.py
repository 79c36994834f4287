"""One booking service for every channel: person, intake officer, adviser."""

from operators.booking.agenda.notices.reminders import write_due_reminders
from operators.booking.agenda.services import link_failures
from operators.booking.agenda.services.bookings import confirm_hold, refuse_moved
from operators.booking.agenda.services.changes import (
    cancel_appointment,
    change_level,
    change_mode,
    confirm_instead,
    move_appointment,
    restore_appointment,
)
from operators.booking.agenda.services.closures import close_site, reopen_site
from operators.booking.agenda.services.feeds import end_calendar_feed, renew_calendar_feed
from operators.booking.agenda.services.holds import (
    WantedSlot,
    amend_access_needs,
    expire,
    expire_holds,
    hold_for_person,
    hold_for_request,
    hold_slot,
    release_hold,
)
from operators.booking.agenda.services.locks import lock_open, lock_request
from operators.booking.agenda.services.occurrences import change_opening_day, restore_opening_day
from operators.booking.agenda.services.openings import (
    OpeningHours,
    check_absence,
    end_opening,
    go_on_opening,
    lay_absence,
    open_hours,
    remove_absence,
)
from operators.booking.agenda.services.recurring import (
    WeeklyHours,
    lay_recurring_absence,
    remove_recurring_absence,
)
from operators.booking.agenda.services.replacements import (
    accept_replacement,
    choose_replacement,
    close_site_and_replace,
    close_unanswered,
    decline_replacement,
    lay_absence_and_replace,
    replace_adviser,
    replace_site,
    settle_replacement,
)
from operators.booking.agenda.services.waiting import wait_for_limit

__all__ = [
    "OpeningHours",
    "WantedSlot",
    "WeeklyHours",
    "accept_replacement",
    "amend_access_needs",
    "cancel_appointment",
    "change_level",
    "change_mode",
    "change_opening_day",
    "check_absence",
    "choose_replacement",
    "close_site",
    "close_site_and_replace",
    "close_unanswered",
    "confirm_hold",
    "confirm_instead",
    "decline_replacement",
    "end_calendar_feed",
    "end_opening",
    "expire",
    "expire_holds",
    "go_on_opening",
    "hold_for_person",
    "hold_for_request",
    "hold_slot",
    "lay_absence",
    "lay_absence_and_replace",
    "lay_recurring_absence",
    "link_failures",
    "lock_open",
    "lock_request",
    "move_appointment",
    "open_hours",
    "refuse_moved",
    "release_hold",
    "remove_absence",
    "remove_recurring_absence",
    "renew_calendar_feed",
    "reopen_site",
    "replace_adviser",
    "replace_site",
    "restore_appointment",
    "restore_opening_day",
    "settle_replacement",
    "wait_for_limit",
    "write_due_reminders",
]
