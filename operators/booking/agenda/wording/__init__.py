from operators.booking.agenda.wording.appointments import (
    minutes,
    subject_of,
)

__all__ = [
    "minutes",
    "subject_of",
]
