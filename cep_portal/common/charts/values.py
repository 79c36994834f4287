"""What a value is, how it reads, where it falls on a scale."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Literal

from django.utils.text import slugify

from cep_portal.common.wording.numbers import group
from cep_portal.common.wording.typography import NARROW_SPACE, NO_BREAK_SPACE, NO_DATA


@dataclass(frozen=True)
class Measure:
    """In what a chart counts, and the value it is compared with."""

    unit: str = ""
    places: int = 1
    target: float | None = None
    target_label: str = "objectif"


PLAIN, WHOLE = Measure(), Measure(places=0)


class Sample(Enum):
    TOO_FEW = f"n.{NO_BREAK_SPACE}s."


TOO_FEW = Sample.TOO_FEW
type Value = int | float | Decimal | Literal[Sample.TOO_FEW] | None


@dataclass(frozen=True)
class DataTable:
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Tick:
    label: str
    at: str


@dataclass(frozen=True)
class Scale:
    """Maps low..high to pixels, first to last (which may go down)."""

    low: float
    high: float
    first: float
    last: float
    step: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.first + share * (self.last - self.first)

    def values(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + rank * self.step for rank in range(count + 1)]


def is_known(value: Value) -> bool:
    return value is not None and value is not TOO_FEW


def missing(values: Collection[Value]) -> Value:
    """Why a line has no value at all: too few somewhere, or nothing."""
    return TOO_FEW if TOO_FEW in values else None


def number(value: Value) -> float:
    """A known value as a number; the caller has asked is_known."""
    return float(value)  # type: ignore[arg-type]


def known(values: Iterable[Value]) -> list[float]:
    return [float(v) for v in values if v is not None and v is not TOO_FEW]


def compared(points: Iterable[Iterable[Value]], measure: Measure) -> list[float]:
    """Every number that a scale must hold: the known values and the target."""
    numbers = [number for values in points for number in known(values)]
    return numbers if measure.target is None else [*numbers, float(measure.target)]


def text(value: Value, unit: str = "", places: int = 0) -> str:
    """« 2,4 % », « n. s. » (not significant: too few are counted) or « — ».

    A Decimal rounded to fewer decimals than `places` keeps its own: no zero is invented.
    """
    if value is TOO_FEW:
        return TOO_FEW.value
    if value is None:
        return NO_DATA
    if isinstance(value, Decimal):
        places = min(places, max(0, -int(value.as_tuple().exponent)))
    # The narrow space disappears at the size of a chart.
    digits = group(value, places).replace(NARROW_SPACE, NO_BREAK_SPACE)
    return digits + (f"{NO_BREAK_SPACE}{unit}" if unit else "")


def printed(value: Value, places: int) -> Decimal | None:
    """What a reader sees of the value, half up as it is written; None when nothing is written."""
    if value is None or value is TOO_FEW:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def px(value: float) -> str:
    """A coordinate, with a dot whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


def key(*parts: str) -> str:
    """An id for the page, from the words of the chart."""
    return slugify("-".join(parts)) or "figure"


def scale(
    values: list[float], *, first: float, last: float, places: int = 2, from_zero: bool = True
) -> Scale:
    """Round bounds with three to six intervals; fewer rather than finer than the values are written."""
    low = min([0.0, *values]) if from_zero or not values else min(values)
    high = max(values, default=1.0)
    step = round_step((high - low or abs(high) or 1.0) / 4, places)
    low = math.floor(low / step + 1e-9) * step
    high = math.ceil(high / step - 1e-9) * step
    return Scale(low, high if high > low else low + step, first, last, step)


def ticks(axis: Scale, unit: str) -> tuple[Tick, ...]:
    places = max(0, -math.floor(math.log10(axis.step) + 1e-9))
    if axis.step * 10**places % 1 > 1e-6:
        places += 1
    return tuple(Tick(text(v, unit, places), px(axis.at(v))) for v in axis.values())


def round_step(rough: float, places: int) -> float:
    """1, 2, 2.5 or 5 times a power of ten; half a day is no step between days."""
    rough = max(rough, 10.0**-places)
    power = 10 ** math.floor(math.log10(rough))
    steps = [power * n for n in (1, 2, 2.5, 5, 10)]
    return next(step for step in steps if step >= rough * 0.999 and _is_written(step, places))


def _is_written(number: float, places: int) -> bool:
    return math.isclose(number, round(number, places), rel_tol=1e-9)
