from operators.casework.notes.rules.access import (
    LONGEST,
    can_read_own_notes,
    can_use_notes,
)

__all__ = [
    "LONGEST",
    "can_read_own_notes",
    "can_use_notes",
]
