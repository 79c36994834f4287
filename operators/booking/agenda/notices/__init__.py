from operators.booking.agenda.notices.acts import (
    COMPOSERS,
    tell_booked,
    tell_cancelled,
    tell_changed,
    tell_moved,
    tell_replaced,
    tell_restored,
)

__all__ = [
    "COMPOSERS",
    "tell_booked",
    "tell_cancelled",
    "tell_changed",
    "tell_moved",
    "tell_replaced",
    "tell_restored",
]
