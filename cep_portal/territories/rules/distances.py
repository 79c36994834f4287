from math import asin, cos, radians, sin, sqrt
from typing import Any

from cep_portal.territories.reference import ISLANDS

EARTH_RADIUS_KM = 6371.0
NEAR_KM = 100.0  # nobody is sent further to sit in a room
CORSICA = ("2A", "2B")


def distance_km(a: Any, b: Any) -> float:
    """Great-circle distance in kilometres between two things that have `longitude` and `latitude`."""
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))


def is_near(a: Any, b: Any) -> bool:
    """Whether a person of commune `a` may be sent to commune `b`: within 100 km, no sea between."""
    return landmass(a) == landmass(b) and distance_km(a, b) <= NEAR_KM


def landmass(commune: Any) -> str:
    """The island of a commune by its code, else Corsica, an overseas department or the mainland."""
    department = commune.department_id
    if commune.code in ISLANDS:
        return ISLANDS[commune.code]
    if department in CORSICA:
        return "Corse"
    return department if department.startswith("97") else "continent"
