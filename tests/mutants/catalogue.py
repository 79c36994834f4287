"""The list of mutants: wrong rules that the tests must refuse, one TOML file for each area.

[[mutant]]
name = "one-word"         # unique: --only one-word
plays = "…"               # the wrong rule, in one line
file = "app/subject/rules.py"
was = "…"                 # occurs exactly once in the file, so that the list cannot rot unseen
becomes = "…"
tests = ["tests/…"]       # the narrowest that should refuse it; pytest's own words
"""

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
AREAS = ("rules", "kpis", "followup", "agenda", "deliveries", "rights", "duplicates")
FEWEST, FEWEST_IN_AREA = 80, 8


@dataclass(frozen=True)
class Mutant:
    """One wrong rule; `apply` gives the text of its file with the fault in it."""

    area: str
    name: str
    plays: str
    file: str
    was: str
    becomes: str
    tests: list[str]

    def apply(self, source: str) -> str:
        return source.replace(self.was, self.becomes)


def read_mutants() -> list[Mutant]:
    """Read every area's file; TypeError when an entry lacks a field or has one too many."""
    return [
        Mutant(area=area, **entry)
        for area in AREAS
        for entry in tomllib.loads((FOLDER / f"{area}.toml").read_text(encoding="utf-8"))["mutant"]
    ]


def complaints_about(mutants: list[Mutant], root: Path = ROOT) -> list[str]:
    """Say what is wrong with the list, in sentences; empty when every mutant can be applied."""
    areas, names = (Counter(getattr(mutant, key) for mutant in mutants) for key in ("area", "name"))
    said = [f"{name}: {count} mutants have this name" for name, count in names.items() if count > 1]
    if len(mutants) < FEWEST:
        said.append(f"{len(mutants)} mutants, {FEWEST} at least are wanted")
    said += [
        f"{area}: {areas[area]} mutants, {FEWEST_IN_AREA} at least"
        for area in AREAS
        if areas[area] < FEWEST_IN_AREA
    ]
    return [*said, *(f"{mutant.name}: {fault}" for mutant in mutants for fault in _faults(mutant, root))]


def _faults(mutant: Mutant, root: Path) -> Iterator[str]:
    path = root / mutant.file
    if not path.is_file():
        yield f"{mutant.file} does not exist"
        return
    source = path.read_text(encoding="utf-8")
    if (times := source.count(mutant.was)) != 1:
        yield f"its text occurs {times} times in {mutant.file}"
    elif path.suffix == ".py" and not _is_another_program(source, mutant.apply(source)):
        yield "what it becomes is not Python, or the same program"
    for target in mutant.tests:
        if target.startswith("tests/") and not _is_there(target, root):
            yield f"{target} does not exist"
    if not any(target.startswith("tests/") for target in mutant.tests):
        yield "it names no test"


def _is_there(target: str, root: Path) -> bool:
    place, _, test = target.partition("::")
    path = root / place
    return path.exists() and (not test or f"def {test}(" in path.read_text(encoding="utf-8"))


def _is_another_program(source: str, mutated: str) -> bool:
    try:
        return ast.dump(ast.parse(source)) != ast.dump(ast.parse(mutated))
    except SyntaxError:
        return False
