"""The same small picture many times, on one scale, to compare at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass

from cep_portal.common.charts import spoken
from cep_portal.common.charts import values as v
from cep_portal.common.charts.axis import Axis
from cep_portal.common.charts.line import Series, data_table, last_known, path, positions
from cep_portal.common.charts.values import PLAIN, Measure

GAP = 19
TITLE_ROOM, VALUE_ROOM = 30, 60


@dataclass(frozen=True)
class Grid:
    """How many panels stand side by side, and their size."""

    columns: int
    width: int
    height: int


WIDE, NARROW = Grid(3, 174, 112), Grid(1, 288, 112)


@dataclass(frozen=True)
class Panel:
    label: str
    last: str
    x: str
    y: str
    path: str
    mark_x: str
    mark_y: str
    empty: bool


@dataclass(frozen=True)
class PanelsDrawing:
    width: str
    height: str
    plot_width: str
    base_y: str
    target_y: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class SmallMultiples:
    """Panels three a row and, for a phone, one under the other; all on one scale, which the note states."""

    key: str
    title: str
    description: str
    note: str
    wide: PanelsDrawing
    narrow: PanelsDrawing
    table: v.DataTable


def small_multiples(
    *, title: str, axis: Axis, panels: Sequence[Series], measure: Measure = PLAIN
) -> SmallMultiples:
    sentences = [spoken.trend(series.label, series.values, axis, measure) for series in panels]
    wide = _drawing(WIDE, axis, panels, measure)
    return SmallMultiples(
        key=v.key("vignettes", title),
        title=title,
        description=" ".join(filter(None, sentences)) or spoken.NOTHING,
        note=_note(axis, _scale(WIDE, panels, measure), measure),
        wide=wide,
        narrow=_drawing(NARROW, axis, panels, measure),
        table=data_table(axis, panels, measure),
    )


def _scale(grid: Grid, panels: Sequence[Series], measure: Measure) -> v.Scale:
    return v.scale(
        v.compared([series.values for series in panels], measure),
        first=grid.height - 14,
        last=TITLE_ROOM + 6,
        places=measure.places,
    )


def _drawing(grid: Grid, axis: Axis, panels: Sequence[Series], measure: Measure) -> PanelsDrawing:
    y = _scale(grid, panels, measure)
    xs = positions(len(axis.labels), 4, grid.width - VALUE_ROOM)
    rows = -(-len(panels) // grid.columns)
    return PanelsDrawing(
        width=v.px(grid.columns * (grid.width + GAP) - GAP),
        height=v.px(max(rows * (grid.height + GAP) - GAP, grid.height)),
        plot_width=v.px(grid.width - VALUE_ROOM),
        base_y=v.px(y.first),
        target_y="" if measure.target is None else v.px(y.at(float(measure.target))),
        panels=tuple(_panel(grid, rank, series, xs, y, measure) for rank, series in enumerate(panels)),
    )


def _panel(grid: Grid, rank: int, series: Series, xs: Sequence[float], y: v.Scale, measure: Measure) -> Panel:
    last = last_known(series.values)
    return Panel(
        label=series.label,
        last=spoken.said(_said_last(series, last), measure),
        x=v.px(rank % grid.columns * (grid.width + GAP)),
        y=v.px(rank // grid.columns * (grid.height + GAP)),
        path=path(series.values, xs, y),
        mark_x="0" if last is None else v.px(xs[last]),
        mark_y="0" if last is None else v.px(y.at(v.number(series.values[last]))),
        empty=last is None,
    )


def _said_last(series: Series, last: int | None) -> v.Value:
    if last is not None:
        return series.values[last]
    return v.missing(series.values)


def _note(axis: Axis, y: v.Scale, measure: Measure) -> str:
    if not axis.labels:
        return ""
    scale = f"De {axis.labels[0]} à {axis.labels[-1]}, chaque vignette va de "
    scale += f"{v.text(y.low, measure.unit)} à {v.text(y.high, measure.unit, measure.places)}."
    if measure.target is None:
        return scale
    return f"{scale} Ligne pointillée : {measure.target_label} {spoken.said(measure.target, measure)}."
