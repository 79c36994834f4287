from operators.booking.groups.notices.acts import (
    COMING,
    COMPOSERS,
    event_of,
    is_coming,
    place_told,
    tell_booked,
    tell_cancelled,
)

__all__ = [
    "COMING",
    "COMPOSERS",
    "event_of",
    "is_coming",
    "place_told",
    "tell_booked",
    "tell_cancelled",
]
