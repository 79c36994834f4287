"""Comparison of places or categories on one measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cep_portal.common.charts import values as v
from cep_portal.common.charts.values import WHOLE, Measure

WIDTH = 560
TOP, BOTTOM = 26, 30
ROW, THICK = 30, 18
VALUE_ROOM = 90
BAR, BAR_HIGHLIGHT = "#0b5a58", "#b4471f"


@dataclass(frozen=True)
class Bar:
    label: str
    y: str
    text_y: str
    width: str
    value: str
    value_x: str
    colour: str
    weight: str
    masked: bool


@dataclass(frozen=True)
class BarChart:
    key: str
    title: str
    description: str
    width: str
    height: str
    left: str
    label_x: str
    top: str
    bottom: str
    thick: int
    x_ticks: tuple[v.Tick, ...]
    bars: tuple[Bar, ...]
    target: v.Tick | None
    table: v.DataTable


def bar_chart(
    *,
    title: str,
    labels: Sequence[str],
    values: Sequence[v.Value],
    measure: Measure = WHOLE,
    highlight: int | None = None,
    description: str = "",
    label_header: str = "",
    value_header: str = "Valeur",
) -> BarChart:
    """Horizontal bars from zero, in the order given; values are positive."""
    numbers = v.known(values) + ([float(measure.target)] if measure.target is not None else [])
    left = min(230, 16 + round(max((len(label) for label in labels), default=0) * 7.8))
    x = v.scale(numbers, first=left, last=WIDTH - VALUE_ROOM, places=measure.places)
    height = TOP + ROW * len(labels) + BOTTOM
    mark = f"{measure.target_label} {v.text(measure.target, measure.unit, measure.places)}"
    return BarChart(
        key=v.key("barres", title),
        title=title,
        description=description or _describe(labels, values, measure.unit, measure.places),
        width=v.px(WIDTH),
        height=v.px(height),
        left=v.px(left),
        label_x=v.px(left - 8),
        top=v.px(TOP),
        bottom=v.px(height - BOTTOM),
        thick=THICK,
        x_ticks=v.ticks(x, measure.unit),
        bars=tuple(
            _bar(
                rank,
                label,
                value,
                x,
                v.text(value, measure.unit, measure.places),
                highlight=rank == highlight,
            )
            for rank, (label, value) in enumerate(zip(labels, values, strict=True))
        ),
        target=None if measure.target is None else v.Tick(mark, v.px(x.at(float(measure.target)))),
        table=v.DataTable(
            headers=(label_header, value_header),
            rows=tuple(
                (label, v.text(value, measure.unit, measure.places))
                for label, value in zip(labels, values, strict=True)
            ),
        ),
    )


def _bar(rank: int, label: str, value: Any, x: v.Scale, shown: Any, *, highlight: bool) -> Any:
    y = TOP + rank * ROW + (ROW - THICK) / 2
    end = x.at(float(value)) if v.is_known(value) else x.first
    masked = value is v.MASKED
    return Bar(
        label=label,
        y=v.px(y),
        text_y=v.px(y + THICK - 4),
        width=v.px(end - x.first),
        value=shown,
        value_x=v.px(end + (46 if masked else 6)),
        colour=BAR_HIGHLIGHT if highlight else BAR,
        weight="700" if highlight else "400",
        masked=masked,
    )


def _describe(labels: Sequence[str], values: Any, unit: str, places: int) -> str:
    ranked = [rank for rank, value in enumerate(values) if v.is_known(value)]
    if not ranked:
        return "Aucune donnée à afficher."
    top = max(ranked, key=lambda rank: values[rank])
    low = min(ranked, key=lambda rank: values[rank])
    return (
        f"Le plus haut : {labels[top]}, {v.text(values[top], unit, places)}. "
        f"Le plus bas : {labels[low]}, {v.text(values[low], unit, places)}."
    )
