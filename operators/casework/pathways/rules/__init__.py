from operators.casework.pathways.rules.desk import (
    OUTCOMES_OF_ATTENDANCE,
    SOFT_CLOCK,
    UNDO_WITHIN,
    can_log_sessions,
    can_read_pathways,
    is_late_to_log,
    may_go_on,
    may_undo_correction,
    month_is_closed,
    was_recorded_late,
)
from operators.casework.pathways.rules.sessions import LONGEST, SHORTEST

__all__ = [
    "LONGEST",
    "OUTCOMES_OF_ATTENDANCE",
    "SHORTEST",
    "SOFT_CLOCK",
    "UNDO_WITHIN",
    "can_log_sessions",
    "can_read_pathways",
    "is_late_to_log",
    "may_go_on",
    "may_undo_correction",
    "month_is_closed",
    "was_recorded_late",
]
