"""Map of the eighteen regions with the five overseas insets."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from cep_portal.common.charts import spoken
from cep_portal.common.charts import values as v
from cep_portal.common.charts.palette import CLASSES, EMPTY, INK, LIGHT_CLASSES, ON_DARK
from cep_portal.common.charts.values import PLAIN, Measure

SOURCE = Path(__file__).resolve().parents[1] / "data" / "france_regions.svg"
# Left and top of each inset, three in the first row; the contours of the source lie side by side.
INSETS = {"01": (20, 532), "02": (220, 532), "03": (420, 532), "04": (20, 656), "06": (220, 656)}
DRAWN_AT = {"01": 20, "02": 138, "03": 256, "04": 374, "06": 492}
DRAWN_TOP, DRAWN_WIDTH = 532, 104
INSET_WIDTH, INSET_HEIGHT = 190, 116
# Where the middle of the contour would not hold a label; Corse is labelled at its left.
LABEL_AT = {"93": (462.0, 368.0), "11": (351.0, 134.0), "94": (566.0, 446.0)}
BESIDE = {*INSETS, "94"}

type Point = tuple[float, float]
type Bounds = list[tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Outline:
    code: str
    name: str
    path: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Region:
    code: str
    name: str
    path: str
    fill: str
    text: str
    spoken: str
    ink: str
    label_x: str
    label_y: str
    anchor: str
    name_x: str
    name_y: str
    shift: str
    url: str


@dataclass(frozen=True)
class LegendLine:
    label: str
    fill: str


@dataclass(frozen=True)
class MapDrawing:
    width: str
    height: str
    insets: str
    regions: tuple[Region, ...]
    has_links: bool


@dataclass(frozen=True)
class FranceMap:
    key: str
    title: str
    description: str
    wide: MapDrawing
    legend: tuple[LegendLine, ...]
    table: v.DataTable


@cache
def outlines() -> tuple[Outline, ...]:
    matches = re.findall(
        r'<path id="reg-(\w+)" d="([^"]+)"><title>([^<]+)</title>', SOURCE.read_text("utf-8")
    )
    return tuple(Outline(code, name, d, *_label_at(code, d)) for code, d, name in matches)


def france_map(
    *,
    title: str,
    values: Mapping[str, v.Value],
    measure: Measure = PLAIN,
    urls: Mapping[str, str] | None = None,
    value_header: str = "Valeur",
) -> FranceMap:
    """Regions by INSEE code, in at most five classes of one round step; each value is also written."""
    urls = urls or {}
    bounds = class_bounds(values, measure.places)
    key = v.key("carte", title)
    named = [(outline.name, values.get(outline.code)) for outline in outlines()]
    return FranceMap(
        key=key,
        title=title,
        description=spoken.extremes(named, measure),
        wide=MapDrawing(
            width="604",
            height="772",
            insets="".join(
                f"M{x} {y}h{INSET_WIDTH}v{INSET_HEIGHT}h-{INSET_WIDTH}z" for x, y in INSETS.values()
            ),
            regions=tuple(_region(outline, values, measure, urls, bounds, key) for outline in outlines()),
            has_links=bool(urls),
        ),
        legend=_legend(bounds, dict(named).values(), measure, key),
        table=v.DataTable(
            headers=("Région", value_header),
            rows=tuple(
                (name, spoken.said(value, measure))
                for name, value in sorted(named, key=lambda pair: _sort_key(pair[0]))
            ),
        ),
    )


def class_bounds(values: Mapping[str, v.Value], places: int) -> Bounds:
    """First and last printed value of each class, every multiple of one round step from low to high.

    A value belongs to the class that holds it as it is written: no reader finds 12,5 outside
    « 12,5 à 14,9 ».
    """
    numbers = [n for value in values.values() if (n := v.printed(value, places)) is not None]
    if not numbers:
        return []
    low, high = min(numbers), max(numbers)
    step = _step(low, high, places)
    smallest = Decimal(1).scaleb(-places)
    starts = [
        (step * rank).quantize(smallest)
        for rank in range(math.floor(low / step), math.floor(high / step) + 1)
    ]
    return [(start, start + step - smallest) for start in starts]


def _step(low: Decimal, high: Decimal, places: int) -> Decimal:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that needs no more classes than there are shades."""
    step = Decimal(1).scaleb(-places)
    while math.floor(high / step) - math.floor(low / step) >= len(CLASSES):
        step = Decimal(str(v.round_step(float(step) * 1.01, places)))
    return step


def _fill(value: v.Value, bounds: Bounds, key: str, places: int) -> tuple[str, str]:
    if value is v.TOO_FEW:
        return f"url(#{key}-few)", INK
    shown = v.printed(value, places)
    if shown is None:
        return EMPTY, INK
    rank = next(i for i, (low, high) in enumerate(bounds) if low <= shown <= high)
    shade = _shades(len(bounds))[rank]
    return shade, INK if CLASSES.index(shade) < LIGHT_CLASSES else ON_DARK


def _shades(count: int) -> tuple[str, ...]:
    return CLASSES if count == len(CLASSES) else CLASSES[1 : count + 1]


def _region(
    shape: Outline,
    values: Mapping[str, v.Value],
    measure: Measure,
    urls: Mapping[str, str],
    bounds: Bounds,
    key: str,
) -> Region:
    value = values.get(shape.code)
    fill, ink = _fill(value, bounds, key, measure.places)
    inset = INSETS.get(shape.code)
    return Region(
        code=shape.code,
        name=shape.name,
        path=shape.path,
        fill=fill,
        text="" if value is v.TOO_FEW else v.text(value, "", measure.places),
        spoken=f"{shape.name} : {_spoken(value, measure)}",
        ink=INK if shape.code in BESIDE else ink,
        label_x=v.px(shape.label_x),
        label_y=v.px(shape.label_y),
        anchor="end" if shape.code in BESIDE - INSETS.keys() else "middle",
        name_x=v.px(inset[0] + INSET_WIDTH / 2) if inset else "",
        name_y=v.px(inset[1] + INSET_HEIGHT - 12) if inset else "",
        shift=_shift(shape.code),
        url=urls.get(shape.code, ""),
    )


def _shift(code: str) -> str:
    """From where the source draws an inset to the left of its box."""
    if code not in INSETS:
        return ""
    x, y = INSETS[code]
    return f"translate({x - DRAWN_AT[code]} {y - DRAWN_TOP})"


def _spoken(value: v.Value, measure: Measure) -> str:
    if value is v.TOO_FEW:
        return "non significatif"
    return "pas de donnée" if value is None else spoken.said(value, measure)


def _legend(bounds: Bounds, drawn: Collection[v.Value], measure: Measure, key: str) -> tuple[LegendLine, ...]:
    lines = [
        LegendLine(_between(low, high, measure), shade)
        for (low, high), shade in zip(bounds, _shades(len(bounds)), strict=True)
    ]
    if v.TOO_FEW in drawn:
        lines.append(LegendLine("non significatif", f"url(#{key}-few)"))
    if None in drawn:
        lines.append(LegendLine("pas de donnée", EMPTY))
    return tuple(lines)


def _between(low: Decimal, high: Decimal, measure: Measure) -> str:
    if low == high:
        return spoken.said(low, measure)
    return f"{v.text(low, '', measure.places)} à {spoken.said(high, measure)}"


def _sort_key(name: str) -> str:
    return name.replace("Î", "I")


def _label_at(code: str, d: str) -> Point:
    if code in INSETS:
        x, y = INSETS[code]
        return x + (DRAWN_WIDTH + INSET_WIDTH) / 2, y + INSET_HEIGHT / 2 - 4
    if code in LABEL_AT:
        return LABEL_AT[code]
    return _middle(max((_ring(part) for part in d.split("M")[1:]), key=_area))


def _ring(part: str) -> list[Point]:
    numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", part)]
    x, y = numbers[:2]
    points = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def _area(points: list[Point]) -> float:
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _middle(points: list[Point]) -> Point:
    pairs = list(zip(points, points[1:] + points[:1], strict=True))
    crosses = [x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs]
    total = sum(crosses) * 3
    x = sum((a[0] + b[0]) * c for (a, b), c in zip(pairs, crosses, strict=True)) / total
    y = sum((a[1] + b[1]) * c for (a, b), c in zip(pairs, crosses, strict=True)) / total
    return x, y + 5
