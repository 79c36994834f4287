"""Map of the eighteen regions with the five overseas insets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cep_portal.common.charts import values as v

SOURCE = Path(__file__).resolve().parents[1] / "data" / "france_regions.svg"
CLASSES = ("#dfece7", "#aed3cb", "#72b1a9", "#2b7a78", "#0a4645")
LIGHT_CLASSES = 3
INSETS = {"01": 20, "02": 138, "03": 256, "04": 374, "06": 492}
INSET_WIDTH = 104
# Where the middle of the contour would not hold a label; Corse is labelled at its left.
LABEL_AT = {"93": (462.0, 368.0), "11": (351.0, 134.0), "94": (566.0, 446.0)}
BESIDE = {*INSETS, "94"}
LEGEND_Y, LEGEND_ROW = 372, 20


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
    inset_x: str
    url: str


@dataclass(frozen=True)
class LegendLine:
    label: str
    fill: str
    y: str
    text_y: str


@dataclass(frozen=True)
class FranceMap:
    key: str
    title: str
    description: str
    regions: tuple[Region, ...]
    legend: tuple[LegendLine, ...]
    has_links: bool
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
    unit: str = "",
    places: int = 1,
    urls: Mapping[str, str] | None = None,
    description: str = "",
    value_header: str = "Valeur",
) -> FranceMap:
    """Regions by INSEE code in at most five classes of equal size; each value is also written."""
    urls = urls or {}
    bounds = class_bounds(v.known(values.values()))
    key = v.key("carte", title)
    regions = tuple(_region(outline, values, unit, places, urls, bounds, key) for outline in outlines())
    return FranceMap(
        key=key,
        title=title,
        description=description or _describe(regions, values, unit, places),
        regions=regions,
        legend=_legend(bounds, values, unit, places, key),
        has_links=bool(urls),
        table=v.DataTable(
            headers=("Région", value_header),
            rows=tuple(
                (outline.name, v.text(values.get(outline.code), unit, places))
                for outline in sorted(outlines(), key=lambda outline: _sort_key(outline.name))
            ),
        ),
    )


def class_bounds(numbers: list[float]) -> list[tuple[float, float]]:
    """Lowest and highest value of each class: as many regions in each as ties allow."""
    ordered = sorted(numbers)
    starts = sorted(set(ordered))
    if len(starts) > len(CLASSES):
        ranks = range(0, len(ordered) * len(CLASSES), len(ordered))
        starts = sorted({ordered[rank // len(CLASSES)] for rank in ranks})
    ends = [max(n for n in ordered if n < following) for following in starts[1:]]
    return list(zip(starts, [*ends, *ordered[-1:]], strict=True))


def _fill(value: Any, bounds: Any, key: Any) -> Any:
    if value is v.MASKED:
        return f"url(#{key}-secret)", v.INK
    if value is None:
        return "#ffffff", v.INK
    rank = max(i for i, (low, _) in enumerate(bounds) if float(value) >= low)
    shade = _shades(len(bounds))[rank]
    return shade, v.INK if CLASSES.index(shade) < LIGHT_CLASSES else "#ffffff"


def _shades(count: Any) -> Any:
    return CLASSES if count == len(CLASSES) else CLASSES[1 : count + 1]


def _region(shape: Any, values: Any, unit: str, places: int, urls: Any, bounds: Any, key: Any) -> Any:
    value = values.get(shape.code)
    fill, ink = _fill(value, bounds, key)
    return Region(
        code=shape.code,
        name=shape.name,
        path=shape.path,
        fill=fill,
        text="" if value is v.MASKED else v.text(value, "", places),
        spoken=f"{shape.name} : {_spoken(value, unit, places)}",
        ink=v.INK if shape.code in BESIDE else ink,
        label_x=v.px(shape.label_x),
        label_y=v.px(shape.label_y),
        anchor="end" if shape.code in BESIDE - INSETS.keys() else "middle",
        inset_x=v.px(INSETS[shape.code]) if shape.code in INSETS else "",
        url=urls.get(shape.code, ""),
    )


def _spoken(value: Any, unit: str, places: int) -> Any:
    words = {v.MASKED: "secret statistique", None: "pas de donnée"}
    return words.get(value) or v.text(value, unit, places)


def _legend(bounds: Any, values: Any, unit: str, places: int, key: Any) -> Any:
    lines = [
        (_between(low, high, unit, places), shade)
        for (low, high), shade in zip(bounds, _shades(len(bounds)), strict=True)
    ]
    if v.MASKED in values.values():
        lines.append(("secret statistique", f"url(#{key}-secret)"))
    if any(values.get(outline.code) is None for outline in outlines()):
        lines.append(("pas de donnée", "#ffffff"))
    return tuple(
        LegendLine(label, fill, v.px(y := LEGEND_Y + rank * LEGEND_ROW), v.px(y + 12))
        for rank, (label, fill) in enumerate(lines)
    )


def _between(low: Any, high: Any, unit: str, places: int) -> Any:
    if v.text(low, unit, places) == v.text(high, unit, places):
        return v.text(low, unit, places)
    return f"{v.text(low, '', places)} à {v.text(high, unit, places)}"


def _describe(regions: Any, values: Any, unit: str, places: int) -> str:
    shown = [region for region in regions if v.is_known(values.get(region.code))]
    if not shown:
        return "Aucune donnée à afficher."
    top = max(shown, key=lambda shape: values[shape.code])
    low = min(shown, key=lambda shape: values[shape.code])
    return (
        f"Le plus haut : {top.name}, {v.text(values[top.code], unit, places)}. "
        f"Le plus bas : {low.name}, {v.text(values[low.code], unit, places)}."
    )


def _sort_key(name: str) -> Any:
    return name.replace("Î", "I")


def _label_at(code: str, d: Any) -> Any:
    if code in INSETS:
        return INSETS[code] + INSET_WIDTH / 2, 640.0
    if code in LABEL_AT:
        return LABEL_AT[code]
    return _middle(max((_ring(part) for part in d.split("M")[1:]), key=_area))


def _ring(part: Any) -> Any:
    numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", part)]
    x, y = numbers[:2]
    points = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def _area(points: Any) -> Any:
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _middle(points: Any) -> Any:
    pairs = list(zip(points, points[1:] + points[:1], strict=True))
    crosses = [x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs]
    total = sum(crosses) * 3
    x = sum((a[0] + b[0]) * c for (a, b), c in zip(pairs, crosses, strict=True)) / total
    y = sum((a[1] + b[1]) * c for (a, b), c in zip(pairs, crosses, strict=True)) / total
    return x, y + 5
