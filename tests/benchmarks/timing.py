import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measure beside its floor; `good` is the verdict on the ratio and the absolute bound."""

    name: str
    measured: str
    floor: str
    ratio: str
    target: str
    good: bool
    is_broken: bool = False

    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            self.measured,
            self.floor,
            self.ratio,
            self.target,
            "BROKEN" if self.is_broken else "ok" if self.good else "MISSED",
        )


def broken(name: str, failure: Exception) -> Row:
    """The row of a measure that stopped."""
    said = " ".join(str(failure).split()).replace("|", "/")[:80]
    return Row(name, f"{type(failure).__name__}: {said}", "—", "—", "—", good=False, is_broken=True)


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def clock(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def paired(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[list, list]:
    """Both in turn, A B A B…: the machine's mood is the same for both; one warm-up each."""
    first(), second()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        times[0].append(clock(first))
        times[1].append(clock(second))
    return times
