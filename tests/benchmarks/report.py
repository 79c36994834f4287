"""docs/benchmarks.md: the last row of each measure, with its day and its commit."""

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.benchmarks.timing import Row

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = ("measure", "measured", "floor", "ratio", "target", "verdict", "took", "day", "commit", "bench")
NAME = len(HEAD) - 1  # the column of what `--only` takes
INTRODUCTION = """\
# Benchmarks

Written by `bin/bench` ({scale} data), on {machine}. Each measure stands beside its floor, taken in the same
minutes on the same server: **the ratio is what is judged**, an absolute says what it was that day. The whole
bench takes about {whole}; `bin/bench --only NAME` measures one again and keeps the others' rows.
"""


@dataclass(frozen=True)
class Done:
    """The rows of a measure, and the seconds it took."""

    bench: str
    rows: list[Row]
    seconds: float


def write(done: list[Done], *, scale: str, now: datetime, page: Path = PAGE) -> None:
    """Put the rows of what was measured in the place of the former ones; the other rows stay."""
    lines = _kept(page, {each.bench for each in done})
    for each in done:
        facts = (f"{each.seconds:.0f} s", f"{now:%d/%m/%Y %H:%M} UTC", _commit(), each.bench)
        lines[each.bench] = [(*row.cells(), *facts) for row in each.rows]
    page.write_text(_markdown(lines, scale), encoding="utf-8")


def _kept(page: Path, measured: set[str]) -> dict[str, list[tuple[str, ...]]]:
    """The rows that stand already, by bench; those measured anew keep their place."""
    lines: dict[str, list[tuple[str, ...]]] = {}
    if not page.exists():
        return lines
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if line.startswith("| ") and len(cells) == len(HEAD) and cells != HEAD:
            lines.setdefault(cells[NAME], [])
            if cells[NAME] not in measured:
                lines[cells[NAME]].append(cells)
    return lines


def _markdown(lines: dict[str, list[tuple[str, ...]]], scale: str) -> str:
    rows = [cells for bench in lines.values() for cells in bench]
    took = {cells[NAME]: float(cells[NAME - 3].removesuffix(" s")) for cells in rows}
    whole = f"{sum(took.values()) / 60:.0f} minutes, and the making of its data"
    introduction = INTRODUCTION.format(scale=scale, machine=_machine(), whole=whole)
    table = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    table += ["| " + " | ".join(cells) + " |" for cells in rows]
    return introduction + "\n" + "\n".join(table) + "\n"


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def _commit() -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"
