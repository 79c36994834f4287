"""What the clauses say, as pure functions: delays, amounts, and who may act (docs/penalties.md)."""

from procurement.followup.rules.access import (
    can_decide,
    can_instruct,
    can_observe,
    can_open_figure,
    can_read_penalties,
)
from procurement.followup.rules.amounts import (
    Charge,
    capped_penalty,
    exempt,
    flat_penalty,
    late_penalty,
)
from procurement.followup.rules.delays import (
    due_days,
    due_months,
    earliest_signature,
    hearing_due_on,
    late_days,
)
from procurement.followup.rules.points import (
    clause_of,
    is_met,
    missed_target,
    points,
    smallest_sample,
)
from procurement.followup.rules.trace import Computation, Step

__all__ = [
    "Charge",
    "Computation",
    "Step",
    "can_decide",
    "can_instruct",
    "can_observe",
    "can_open_figure",
    "can_read_penalties",
    "capped_penalty",
    "clause_of",
    "due_days",
    "due_months",
    "earliest_signature",
    "exempt",
    "flat_penalty",
    "hearing_due_on",
    "is_met",
    "late_days",
    "late_penalty",
    "missed_target",
    "points",
    "smallest_sample",
]
