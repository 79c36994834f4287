from cep_portal.territories.selectors.communes import (
    commune_by_code,
    communes,
    employed_population,
    holidays,
    region_list,
    region_names,
)
from cep_portal.territories.selectors.lookup import SHORTEST_TEXT, Lookup, Match, look_up

__all__ = [
    "SHORTEST_TEXT",
    "Lookup",
    "Match",
    "commune_by_code",
    "communes",
    "employed_population",
    "holidays",
    "look_up",
    "region_list",
    "region_names",
]
