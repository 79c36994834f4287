from cep_portal.training.rules.place import (
    FURTHEST,
    can_lead_place,
    destination,
)

__all__ = [
    "FURTHEST",
    "can_lead_place",
    "destination",
]
