from reporting.closings.services.advancing import advance_closings, open_closings
from reporting.closings.services.disputing import answer_dispute, raise_dispute
from reporting.closings.services.freezing import (
    Comparison,
    Freezes,
    compare_closing,
    freeze_due,
    freeze_month,
    may_freeze,
)
from reporting.closings.services.neutralising import decide_neutralisation, propose_neutralisation
from reporting.closings.services.reopening import ask_reopening, decide_reopening
from reporting.closings.services.restating import decide_restatement, restate_quarter

__all__ = [
    "Comparison",
    "Freezes",
    "advance_closings",
    "answer_dispute",
    "ask_reopening",
    "compare_closing",
    "decide_neutralisation",
    "decide_reopening",
    "decide_restatement",
    "freeze_due",
    "freeze_month",
    "may_freeze",
    "open_closings",
    "propose_neutralisation",
    "raise_dispute",
    "restate_quarter",
]
