from operators.reception.team.selectors.departures import (
    Departure,
    closing_of,
    departure_of,
    stand_ins_for,
)

__all__ = [
    "Departure",
    "closing_of",
    "departure_of",
    "stand_ins_for",
]
