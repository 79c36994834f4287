"""Trend of one or several series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from cep_portal.common.charts import palette, spoken
from cep_portal.common.charts import values as v
from cep_portal.common.charts.axis import Axis
from cep_portal.common.charts.values import PLAIN, Measure

LATEST = 13  # a phone shows a year, and the same month of the year before
LINE_HEIGHT = 17
CHARACTER = 7.6
MARK_ROOM = 70
SHORT = 13


@dataclass(frozen=True)
class Frame:
    """Size of a drawing, and the room around its plot."""

    width: int
    height: int
    left: int
    top: int = 22
    bottom: int = 34


WIDE, NARROW = Frame(560, 290, left=64), Frame(288, 230, left=50)


@dataclass(frozen=True)
class Series:
    """`is_own`: what the page is about; only its value is written at its end, a long name would not fit."""

    label: str
    values: Sequence[v.Value]
    is_own: bool = False


@dataclass(frozen=True)
class Doubt:
    """How far each value of the first series may be, low and high; how many last periods may still move."""

    intervals: Sequence[tuple[Decimal, Decimal] | None] = ()
    unripe: int = 0

    def latest(self, start: int) -> "Doubt":
        return Doubt(self.intervals[start:], self.unripe)


CERTAIN = Doubt()


@dataclass(frozen=True)
class Zone:
    """The last periods, that may still move."""

    x: str
    width: str
    height: str


@dataclass(frozen=True)
class Mark:
    x: str
    y: str


@dataclass(frozen=True)
class Curve:
    label: str
    label_x: str
    label_y: str
    colour: str
    dash: str
    width: str
    path: str
    marks: tuple[Mark, ...]
    shape: int


@dataclass(frozen=True)
class LineDrawing:
    width: str
    height: str
    left: str
    right: str
    bottom: str
    top: str
    grid: str
    y_ticks: tuple[v.Tick, ...]
    x_ticks: tuple[v.Tick, ...]
    curves: tuple[Curve, ...]
    target: v.Tick | None
    breaks: tuple[str, ...]
    band: str
    unripe: Zone | None


@dataclass(frozen=True)
class LineChart:
    """One trend, drawn wide and, for a phone, narrow with the latest periods."""

    key: str
    title: str
    description: str
    wide: LineDrawing
    narrow: LineDrawing
    table: v.DataTable


def line_chart(
    *,
    title: str,
    axis: Axis,
    series: Sequence[Series],
    measure: Measure = PLAIN,
    breaks: Sequence[int] = (),
    description: str = "",
    doubt: Doubt = CERTAIN,
) -> LineChart:
    """Two drawings of the series; gaps stay gaps, a series break cuts the line before its rank."""
    start = max(0, len(axis.labels) - LATEST)
    recent = [replace(curve, values=curve.values[start:]) for curve in series]
    return LineChart(
        key=v.key("courbe", title),
        title=title,
        description=_describe(description, axis, series, measure),
        wide=_drawing(WIDE, axis, series, measure, breaks, doubt),
        narrow=_drawing(
            NARROW,
            axis.latest(LATEST),
            recent,
            measure,
            [rank - start for rank in breaks],
            doubt.latest(start),
        ),
        table=data_table(axis, series, measure),
    )


def _drawing(
    frame: Frame,
    axis: Axis,
    series: Sequence[Series],
    measure: Measure,
    breaks: Sequence[int],
    doubt: Doubt,
) -> LineDrawing:
    several = len(series) > 1
    ends = [_end(curve, axis, measure, doubt, named=several and not curve.is_own) for curve in series]
    right = frame.width - _room(ends, frame.width)
    base = frame.height - frame.bottom
    y = v.scale(
        v.compared([*(curve.values for curve in series), *filter(None, doubt.intervals)], measure),
        first=base,
        last=frame.top,
        places=measure.places,
    )
    xs = positions(len(axis.labels), frame.left + 12, right - 12)
    y_ticks = v.ticks(y, measure.unit)
    return LineDrawing(
        width=v.px(frame.width),
        height=v.px(frame.height),
        left=v.px(frame.left),
        right=v.px(right),
        bottom=v.px(base),
        top=v.px(frame.top),
        grid="".join(f"M{frame.left} {tick.at}H{v.px(right)}" for tick in y_ticks[1:]),
        y_ticks=y_ticks,
        x_ticks=_x_ticks(axis, xs),
        curves=_curves(series, ends, xs, y, breaks),
        target=_target(measure, y),
        breaks=tuple(v.px((xs[i - 1] + xs[i]) / 2) for i in breaks if 0 < i < len(xs)),
        band=_band(doubt, xs, y),
        unripe=_unripe(doubt, xs, right, base - frame.top),
    )


def _band(doubt: Doubt, xs: Sequence[float], y: v.Scale) -> str:
    """The surface between the lows and the highs, one piece a run of known ones."""
    lows, highs = ([pair and pair[side] for pair in doubt.intervals] for side in (0, 1))
    parts = []
    for run in runs(lows):
        above = [f"{v.px(xs[i])} {v.px(y.at(v.number(highs[i])))}" for i in run]
        below = [f"{v.px(xs[i])} {v.px(y.at(v.number(lows[i])))}" for i in reversed(run)]
        parts.append("M" + "L".join(above + below) + "Z")
    return "".join(parts)


def _unripe(doubt: Doubt, xs: Sequence[float], right: float, height: float) -> Zone | None:
    if not 0 < doubt.unripe < len(xs):
        return None
    first = len(xs) - doubt.unripe
    at = (xs[first - 1] + xs[first]) / 2
    return Zone(v.px(at), v.px(right - at), v.px(height))


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
        at = [f"{v.px(xs[i])} {v.px(y.at(v.number(points[i])))}" for i in run]
        parts.append("M" + "L".join(at))
    return "".join(parts)


def last_known(points: Sequence[v.Value]) -> int | None:
    """Rank of the last value that may be said, where a running year or a late month stops."""
    return max((rank for rank, value in enumerate(points) if v.is_known(value)), default=None)


def data_table(axis: Axis, series: Sequence[Series], measure: Measure) -> v.DataTable:
    return v.DataTable(
        headers=(axis.header, *(curve.label for curve in series)),
        rows=tuple(
            (label, *(spoken.said(curve.values[rank], measure) for curve in series))
            for rank, label in enumerate(axis.labels)
        ),
    )


def _end(curve: Series, axis: Axis, measure: Measure, doubt: Doubt, *, named: bool) -> str:
    """« 2,1 % », « France 2,1 % »; with its period when the line stops before: « Corse 1,6 % (mars) ».

    Not where a zone already says that what follows is provisional.
    """
    rank = last_known(curve.values)
    if rank is None:
        return f"{curve.label} {spoken.said(v.missing(curve.values), measure)}" if named else ""
    is_said = rank == len(axis.labels) - 1 - doubt.unripe
    early = "" if is_said else f" ({axis.labels[rank]})"
    value = f"{spoken.said(curve.values[rank], measure)}{early}"
    return f"{curve.label} {value}" if named else value


def _room(ends: Sequence[str], width: int) -> int:
    longest = max((len(end) for end in ends), default=0)
    return min(width // 2, 14 + round(longest * CHARACTER))


def _curves(
    series: Sequence[Series], ends: Sequence[str], xs: Sequence[float], y: v.Scale, breaks: Sequence[int]
) -> tuple[Curve, ...]:
    label_ys = _spread([_last_y(curve.values, y) for curve in series], y.first)
    return tuple(
        Curve(
            label=ends[rank],
            label_x=v.px(_label_x(curve.values, xs, named=len(series) > 1)),
            label_y=v.px(label_ys[rank]),
            colour=palette.SERIES_COLOURS[rank % len(palette.SERIES_COLOURS)],
            dash=palette.SERIES_DASHES[rank % len(palette.SERIES_DASHES)],
            width="3" if rank == 0 else "2",
            path=path(curve.values, xs, y, breaks),
            marks=_marks(curve.values, xs, y, breaks),
            shape=rank % 3,
        )
        for rank, curve in enumerate(series)
    )


def _label_x(points: Sequence[v.Value], xs: Sequence[float], *, named: bool) -> float:
    """Beside its last point when the line is alone; in one column when lines are told apart."""
    last = last_known(points)
    at = xs[-1] if xs and (named or last is None) else (xs[last] if last is not None else 0.0)
    return at + 10


def _marks(
    points: Sequence[v.Value], xs: Sequence[float], y: v.Scale, breaks: Sequence[int]
) -> tuple[Mark, ...]:
    """Every point of a short series; of a long one its last point and those no line reaches."""
    ranks = {i for run in runs(points, breaks) if len(run) == 1 for i in run}
    shown = [i for i, value in enumerate(points) if v.is_known(value)]
    ranks |= set(shown if len(points) < SHORT else shown[-1:])
    return tuple(Mark(v.px(xs[i]), v.px(y.at(v.number(points[i])))) for i in sorted(ranks))


def _last_y(points: Sequence[v.Value], y: v.Scale) -> float:
    numbers = v.known(points)
    return y.at(numbers[-1]) if numbers else y.first


def _spread(ys: Sequence[float], floor: float) -> list[float]:
    """Push labels apart so that none covers another, keeping their order."""
    order = sorted(range(len(ys)), key=lambda rank: ys[rank])
    placed = dict(enumerate(ys))
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + LINE_HEIGHT)
    overflow = max([0.0, *(placed[rank] - floor for rank in order[-1:])])
    return [placed[rank] + 4 - overflow for rank in range(len(ys))]


def _x_ticks(axis: Axis, xs: Sequence[float]) -> tuple[v.Tick, ...]:
    """The marked periods, the last one or a January giving way where two would touch."""
    kept: list[int] = []
    for rank in axis.marked:
        if not kept or xs[rank] - xs[kept[-1]] >= min(MARK_ROOM, 14 + CHARACTER * len(axis.labels[rank])):
            kept.append(rank)
    return tuple(v.Tick(axis.labels[rank], v.px(xs[rank])) for rank in kept)


def _target(measure: Measure, y: v.Scale) -> v.Tick | None:
    if measure.target is None:
        return None
    return v.Tick(
        f"{measure.target_label} {spoken.said(measure.target, measure)}", v.px(y.at(float(measure.target)))
    )


def _describe(description: str, axis: Axis, series: Sequence[Series], measure: Measure) -> str:
    sentences = [spoken.trend(curve.label, curve.values, axis, measure) for curve in series]
    return " ".join(filter(None, [description, *sentences])) or spoken.NOTHING
