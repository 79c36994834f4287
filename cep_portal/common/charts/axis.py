"""What stands under a drawing: periods, their marks, how a voice says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cep_portal.common.wording.dates import MONTHS, SHORT_MONTHS, long_month, short_month

MAX_MARKS = 8


@dataclass(frozen=True)
class Axis:
    """Labels as the table writes them, the same « en mars 2026 » as a sentence says them, ranks marked."""

    labels: tuple[str, ...]
    spoken: tuple[str, ...]
    marked: tuple[int, ...]
    header: str = "Période"

    def latest(self, count: int) -> "Axis":
        """The last `count` periods, marked in their own right."""
        start = max(0, len(self.labels) - count)
        kept = tuple(rank - start for rank in self.marked if rank >= start)
        return Axis(self.labels[start:], self.spoken[start:], kept, self.header)


def months(starts: Sequence[date]) -> Axis:
    """Every January with its year, and the last month; « en » is said before each."""
    last = len(starts) - 1
    return Axis(
        labels=tuple(short_month(day) for day in starts),
        spoken=tuple(f"en {long_month(day)}" for day in starts),
        marked=tuple(rank for rank, day in enumerate(starts) if day.month == 1 or rank == last),
        header="Mois",
    )


def year_months() -> Axis:
    """January to December, of any year."""
    return Axis(tuple(SHORT_MONTHS), tuple(f"en {month}" for month in MONTHS), (0, 11), "Mois")


def periods(labels: Sequence[str], *, said: str = "{}", header: str = "Période") -> Axis:
    """Any other periods; `said` gives the words around a label: « la semaine du {} »."""
    every = max(1, -(-len(labels) // MAX_MARKS))
    last = len(labels) - 1
    return Axis(
        labels=tuple(labels),
        spoken=tuple(said.format(label) for label in labels),
        marked=tuple(rank for rank in range(len(labels)) if (last - rank) % every == 0),
        header=header,
    )
