from operators.casework.situations.selectors.situations import (
    answer_by,
    has_situation,
    history,
    last_rectification,
    open_rectification,
    pathway_of,
    present_pathway,
    proposed_facts,
    rectification_by_uuid,
    rectifications_to_answer,
    situation_by_uuid,
    situation_on,
)

__all__ = [
    "answer_by",
    "has_situation",
    "history",
    "last_rectification",
    "open_rectification",
    "pathway_of",
    "present_pathway",
    "proposed_facts",
    "rectification_by_uuid",
    "rectifications_to_answer",
    "situation_by_uuid",
    "situation_on",
]
