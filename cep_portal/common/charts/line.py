"""Trend of one or several series."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cep_portal.common.charts import values as v
from cep_portal.common.charts.values import PLAIN, Measure

WIDTH, HEIGHT = 560, 290
LEFT, TOP, BOTTOM = 64, 22, 34
MAX_LABELS = 8
LINE_HEIGHT = 17


@dataclass(frozen=True)
class Series:
    label: str
    values: Sequence[v.Value]


@dataclass(frozen=True)
class Mark:
    x: str
    y: str


@dataclass(frozen=True)
class Curve:
    label: str
    label_y: str
    colour: str
    dash: str
    width: str
    path: str
    marks: tuple[Mark, ...]
    shape: int


@dataclass(frozen=True)
class LineChart:
    key: str
    title: str
    description: str
    width: str
    height: str
    left: str
    right: str
    label_x: str
    bottom: str
    top: str
    y_ticks: tuple[v.Tick, ...]
    x_ticks: tuple[v.Tick, ...]
    curves: tuple[Curve, ...]
    target: v.Tick | None
    breaks: tuple[str, ...]
    table: v.DataTable


def line_chart(
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    measure: Measure = PLAIN,
    breaks: Sequence[int] = (),
    description: str = "",
    from_zero: bool = True,
    period_header: str = "Période",
) -> LineChart:
    """A drawing of the series; gaps stay gaps, a series break cuts the line before its label."""
    right = WIDTH - _room_for_labels(series)
    numbers = [n for curve in series for n in v.known(curve.values)]
    if measure.target is not None:
        numbers.append(float(measure.target))
    y = v.scale(numbers, first=HEIGHT - BOTTOM, last=TOP, places=measure.places, from_zero=from_zero)
    xs = positions(len(labels), LEFT + 12, right - 12)
    return LineChart(
        key=v.key("courbe", title),
        title=title,
        description=_describe(description, labels, series, measure.unit, measure.places),
        width=v.px(WIDTH),
        height=v.px(HEIGHT),
        left=v.px(LEFT),
        right=v.px(right),
        label_x=v.px(right + 4),
        bottom=v.px(HEIGHT - BOTTOM),
        top=v.px(TOP),
        y_ticks=v.ticks(y, measure.unit),
        x_ticks=_x_ticks(labels, xs),
        curves=_curves(series, xs, y, breaks),
        target=_target(measure.target, measure.target_label, measure.unit, measure.places, y),
        breaks=tuple(v.px((xs[i - 1] + xs[i]) / 2) for i in breaks if 0 < i < len(xs)),
        table=_table(labels, series, measure.unit, measure.places, period_header),
    )


def positions(count: int, first: float, last: float) -> list[float]:
    if count < 2:
        return [(first + last) / 2] * count
    return [first + rank * (last - first) / (count - 1) for rank in range(count)]


def runs(points: Sequence[v.Value], breaks: Sequence[int] = ()) -> list[list[int]]:
    """Ranks that may be joined: cut at each gap and before each series break."""
    segments: list[list[int]] = []
    for rank, value in enumerate(points):
        if not v.is_known(value):
            continue
        joined = segments and segments[-1][-1] == rank - 1 and rank not in breaks
        if joined:
            segments[-1].append(rank)
        else:
            segments.append([rank])
    return segments


def path(points: Sequence[v.Value], xs: Sequence[float], y: v.Scale, breaks: Sequence[int] = ()) -> str:
    parts = []
    for run in runs(points, breaks):
        at = [f"{v.px(xs[i])} {v.px(y.at(float(points[i])))}" for i in run]  # type: ignore[arg-type]
        parts.append("M" + "L".join(at))
    return "".join(parts)


def _room_for_labels(series: Sequence[Series]) -> Any:
    longest = max((len(curve.label) for curve in series), default=0)
    return 20 if len(series) < 2 else min(220, 24 + round(longest * 8))


def _curves(series: Sequence[Series], xs: Sequence[float], y: v.Scale, breaks: Sequence[int]) -> Any:
    label_ys = _spread([_last_y(curve.values, y) for curve in series])
    return tuple(
        Curve(
            label=curve.label if len(series) > 1 else "",
            label_y=v.px(label_ys[rank]),
            colour=v.SERIES_COLOURS[rank % len(v.SERIES_COLOURS)],
            dash=v.SERIES_DASHES[rank % len(v.SERIES_DASHES)],
            width="3" if rank == 0 else "2",
            path=path(curve.values, xs, y, breaks),
            marks=_marks(curve.values, xs, y, breaks),
            shape=rank % 3,
        )
        for rank, curve in enumerate(series)
    )


def _marks(points: Any, xs: Sequence[float], y: v.Scale, breaks: Sequence[int]) -> Any:
    """Every point of a short series; of a long one its last point and those no line reaches."""
    ranks = {i for run in runs(points, breaks) if len(run) == 1 for i in run}
    shown = [i for i, value in enumerate(points) if v.is_known(value)]
    ranks |= set(shown if len(points) <= 13 else shown[-1:])
    return tuple(Mark(v.px(xs[i]), v.px(y.at(float(points[i])))) for i in sorted(ranks))


def _last_y(points: Any, y: v.Scale) -> Any:
    numbers = v.known(points)
    return y.at(numbers[-1]) if numbers else y.first


def _spread(ys: Sequence[float]) -> Any:
    """Push labels apart so that none covers another, keeping their order."""
    order = sorted(range(len(ys)), key=lambda rank: ys[rank])
    placed = dict(enumerate(ys))
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + LINE_HEIGHT)
    overflow = max([0.0, *(placed[rank] - (HEIGHT - BOTTOM) for rank in order[-1:])])
    return [placed[rank] + 4 - overflow for rank in range(len(ys))]


def _x_ticks(labels: Sequence[str], xs: Sequence[float]) -> Any:
    every = -(-len(labels) // MAX_LABELS)
    last = len(labels) - 1
    kept = [i for i in range(len(labels)) if (last - i) % every == 0]
    return tuple(v.Tick(labels[i], v.px(xs[i])) for i in kept)


def _target(target: float | None, label: str, unit: str, places: int, y: v.Scale) -> Any:
    if target is None:
        return None
    return v.Tick(f"{label} {v.text(target, unit, places)}", v.px(y.at(float(target))))


def _table(
    labels: Sequence[str], series: Sequence[Series], unit: str, places: int, period_header: str
) -> Any:
    return v.DataTable(
        headers=(period_header, *(curve.label for curve in series)),
        rows=tuple(
            (label, *(v.text(curve.values[rank], unit, places) for curve in series))
            for rank, label in enumerate(labels)
        ),
    )


def _describe(
    description: str, labels: Sequence[str], series: Sequence[Series], unit: str, places: int
) -> Any:
    sentences = [description] if description else []
    for curve in series:
        ranks = [i for i, value in enumerate(curve.values) if v.is_known(value)]
        if ranks:
            first, last = ranks[0], ranks[-1]
            sentences.append(
                f"{curve.label} : {v.text(curve.values[first], unit, places)} ({labels[first]}), "
                f"{v.text(curve.values[last], unit, places)} ({labels[last]})."
            )
    return " ".join(sentences) or "Aucune donnée à afficher."
