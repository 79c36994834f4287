from operators.exchange.extracts.selectors.extracts import (
    downloads,
    extract_list,
    judges_of,
    still_manages,
    to_judge,
)

__all__ = [
    "downloads",
    "extract_list",
    "judges_of",
    "still_manages",
    "to_judge",
]
