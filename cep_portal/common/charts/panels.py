"""The same small picture many times, on one scale, to compare at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cep_portal.common.charts import values as v
from cep_portal.common.charts.line import Series, path, positions
from cep_portal.common.charts.values import PLAIN, Measure

COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT, GAP = 174, 112, 19
TITLE_ROOM, VALUE_ROOM = 30, 56


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
class SmallMultiples:
    key: str
    title: str
    description: str
    width: str
    height: str
    plot_width: str
    base_y: str
    target_y: str
    note: str
    panels: tuple[Panel, ...]
    table: v.DataTable


def small_multiples(
    *,
    title: str,
    labels: Sequence[str],
    panels: Sequence[Series],
    measure: Measure = PLAIN,
    description: str = "",
    period_header: str = "Période",
) -> SmallMultiples:
    """One panel for each series; all share the scale, which the note states."""
    numbers = [n for series in panels for n in v.known(series.values)]
    if measure.target is not None:
        numbers.append(float(measure.target))
    y = v.scale(numbers, first=PANEL_HEIGHT - 14, last=TITLE_ROOM + 6, places=measure.places)
    xs = positions(len(labels), 4, PANEL_WIDTH - VALUE_ROOM)
    rows = -(-len(panels) // COLUMNS)
    return SmallMultiples(
        key=v.key("vignettes", title),
        title=title,
        description=description or f"{len(panels)} courbes à la même échelle.",
        width=v.px(COLUMNS * PANEL_WIDTH + (COLUMNS - 1) * GAP),
        height=v.px(max(rows * (PANEL_HEIGHT + GAP) - GAP, PANEL_HEIGHT)),
        plot_width=v.px(PANEL_WIDTH - VALUE_ROOM),
        base_y=v.px(y.first),
        target_y="" if measure.target is None else v.px(y.at(float(measure.target))),
        note=_note(labels, y, measure.unit, measure.places, measure.target, measure.target_label),
        panels=tuple(
            _panel(rank, series, xs, y, measure.unit, measure.places) for rank, series in enumerate(panels)
        ),
        table=v.DataTable(
            headers=(period_header, *(series.label for series in panels)),
            rows=tuple(
                (label, *(v.text(series.values[rank], measure.unit, measure.places) for series in panels))
                for rank, label in enumerate(labels)
            ),
        ),
    )


def _panel(rank: int, one: Any, xs: Sequence[float], y: v.Scale, unit: str, places: int) -> Any:
    shown = [i for i, value in enumerate(one.values) if v.is_known(value)]
    last = one.values[-1] if one.values else None
    return Panel(
        label=one.label,
        last=v.text(last, unit, places),
        x=v.px(rank % COLUMNS * (PANEL_WIDTH + GAP)),
        y=v.px(rank // COLUMNS * (PANEL_HEIGHT + GAP)),
        path=path(one.values, xs, y),
        mark_x=v.px(xs[shown[-1]]) if shown else "0",
        mark_y=v.px(y.at(float(one.values[shown[-1]]))) if shown else "0",
        empty=not shown,
    )


def _note(
    labels: Sequence[str], y: v.Scale, unit: str, places: int, target: float | None, target_label: str
) -> Any:
    if not labels:
        return ""
    scale = f"De {labels[0]} à {labels[-1]}, chaque vignette va de "
    scale += f"{v.text(y.low, unit)} à {v.text(y.high, unit, places)}."
    if target is None:
        return scale
    return f"{scale} Ligne pointillée : {target_label} {v.text(target, unit, places)}."
