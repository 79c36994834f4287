"""Places that no commune of the 18 regions is, and what people call them (data/README.md)."""

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class OutsidePlace:
    """A collectivity or country that no lot covers; `door` is its part of the page that says whom to ask."""

    name: str
    door: str
    postcodes: tuple[str, ...]
    aliases: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


OUTSIDE_PLACES = tuple(
    OutsidePlace(row["name"], row["door"], _parts(row["postcodes"]), _parts(row["aliases"]))
    for row in _rows("outside_places")
)
# Communes that no road joins to the rest of their department.
ISLANDS = {row["commune"]: row["island"] for row in _rows("islands")}
# What people still call former regions, in departments of today; short forms of the present ones.
AREAS = {row["name"]: _parts(row["departments"]) for row in _rows("areas")}
