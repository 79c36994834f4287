from operators.booking.supervision.services.delays import measure_delays
from operators.booking.supervision.services.openings import (
    close_opening_request,
    count_missing_slots,
    follow_opening_requests,
)
from operators.booking.supervision.services.team import open_for_adviser

__all__ = [
    "close_opening_request",
    "count_missing_slots",
    "follow_opening_requests",
    "measure_delays",
    "open_for_adviser",
]
