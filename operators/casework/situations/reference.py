"""The closed lists of a situation, read once from `data/` (sources and vintages in its README)."""

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Entry:
    code: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Nomenclature:
    """One list in the order of its file; an entry may belong to a group."""

    entries: tuple[Entry, ...]

    @property
    def codes(self) -> list[str]:
        return [entry.code for entry in self.entries]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(entry.code, entry.label) for entry in self.entries]

    @property
    def grouped_choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for entry in self.entries:
            groups.setdefault(entry.group, []).append((entry.code, entry.label))
        return list(groups.items())


def _read(name: str) -> Nomenclature:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return Nomenclature(tuple(Entry(**row) for row in csv.DictReader(file)))


PROFESSIONS = _read("professions")
SECTORS = _read("sectors")
DIPLOMAS = _read("diplomas")
EMPLOYER_SIZES = _read("employer_sizes")
CONTRACT_TYPES = _read("contract_types")
