"""Every write on a penalty, in the order of the procedure (docs/penalties.md)."""

from procurement.followup.services.decision import decide_penalty, decided_amount
from procurement.followup.services.hearing import (
    drop_penalty,
    hearing_due_on,
    mark_silent,
    notify_penalty,
    observe_penalty,
)
from procurement.followup.services.proposal import MeasuredFigure, propose_penalty

__all__ = [
    "MeasuredFigure",
    "decide_penalty",
    "decided_amount",
    "drop_penalty",
    "hearing_due_on",
    "mark_silent",
    "notify_penalty",
    "observe_penalty",
    "propose_penalty",
]
