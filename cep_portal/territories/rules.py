import re
import unicodedata
from math import asin, cos, radians, sin, sqrt
from typing import Any

EARTH_RADIUS_KM = 6371.0
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
SHORT_WORDS = {"st": "saint", "ste": "sainte"}

# Collectivities with a French postcode that no lot covers (data/overseas_collectivities.csv).
OUTSIDE_POSTCODES = {
    "97133": "Saint-Barthélemy",
    "97150": "Saint-Martin",
    "97500": "Saint-Pierre-et-Miquelon",
}


def fold_name(name: str) -> str:
    """« L’Haÿ-les-Roses » → « l hay les roses », « St-Denis » → « saint denis »: to store and to search."""
    spaced = name.lower().replace("’", " ").translate(LIGATURES)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(SHORT_WORDS.get(word, word) for word in words)


def distance_km(a: Any, b: Any) -> float:
    """Great-circle distance in kilometres between two things that have `longitude` and `latitude`."""
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))
