from cep_portal.territories.rules.distances import NEAR_KM, distance_km, is_near
from cep_portal.territories.rules.names import fold_name, likely_errors, name_key
from cep_portal.territories.rules.typed import TypedPlace, read_place

__all__ = [
    "NEAR_KM",
    "TypedPlace",
    "distance_km",
    "fold_name",
    "is_near",
    "likely_errors",
    "name_key",
    "read_place",
]
