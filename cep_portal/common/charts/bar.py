"""Comparison of places or categories on one measure."""

from collections.abc import Sequence
from dataclasses import dataclass

from cep_portal.common.charts import spoken
from cep_portal.common.charts import values as v
from cep_portal.common.charts.values import WHOLE, Measure

TOP, BOTTOM = 26, 30
THICK = 18
CHARACTER = 7.8
BAR, BAR_HIGHLIGHT = "#0b5a58", "#b4471f"


@dataclass(frozen=True)
class Frame:
    """Width, height of a row, room for the value; with `above`, a label stands over its bar."""

    width: int
    row: int
    value_room: int
    above: bool = False


WIDE, NARROW = Frame(560, 30, 90), Frame(288, 46, 80, above=True)


@dataclass(frozen=True)
class Bar:
    label: str
    label_y: str
    y: str
    text_y: str
    width: str
    value: str
    value_x: str
    colour: str
    weight: str
    too_few: bool


@dataclass(frozen=True)
class BarDrawing:
    width: str
    height: str
    left: str
    label_x: str
    anchor: str
    top: str
    bottom: str
    thick: int
    grid: str
    x_ticks: tuple[v.Tick, ...]
    bars: tuple[Bar, ...]
    target: v.Tick | None


@dataclass(frozen=True)
class BarChart:
    key: str
    title: str
    description: str
    wide: BarDrawing
    narrow: BarDrawing
    table: v.DataTable


def bar_chart(
    *,
    title: str,
    labels: Sequence[str],
    values: Sequence[v.Value],
    measure: Measure = WHOLE,
    highlight: int | None = None,
    label_header: str = "",
    value_header: str = "Valeur",
) -> BarChart:
    """Horizontal bars from zero, in the order given; values are positive."""
    pairs = list(zip(labels, values, strict=True))
    return BarChart(
        key=v.key("barres", title),
        title=title,
        description=spoken.extremes(pairs, measure),
        wide=_drawing(WIDE, pairs, measure, highlight),
        narrow=_drawing(NARROW, pairs, measure, highlight),
        table=v.DataTable(
            headers=(label_header, value_header),
            rows=tuple((label, spoken.said(value, measure)) for label, value in pairs),
        ),
    )


def _drawing(
    frame: Frame, pairs: Sequence[tuple[str, v.Value]], measure: Measure, highlight: int | None
) -> BarDrawing:
    longest = max((len(label) for label, _ in pairs), default=0)
    left = 4 if frame.above else min(230, 16 + round(longest * CHARACTER))
    numbers = v.compared([[value for _, value in pairs]], measure)
    x = v.scale(numbers, first=left, last=frame.width - frame.value_room, places=measure.places)
    height = TOP + frame.row * len(pairs) + BOTTOM
    x_ticks = v.ticks(x, measure.unit)
    target = None if measure.target is None else float(measure.target)
    mark = f"{measure.target_label} {spoken.said(target, measure)}"
    return BarDrawing(
        width=v.px(frame.width),
        height=v.px(height),
        left=v.px(left),
        label_x=v.px(left if frame.above else left - 8),
        anchor="start" if frame.above else "end",
        top=v.px(TOP),
        bottom=v.px(height - BOTTOM),
        thick=THICK,
        grid="".join(f"M{tick.at} {TOP}V{height - BOTTOM}" for tick in x_ticks[1:]),
        x_ticks=x_ticks[:: 2 if frame.above else 1],
        bars=tuple(
            _bar(frame, rank, pair, x, measure, highlight=rank == highlight)
            for rank, pair in enumerate(pairs)
        ),
        target=None if target is None else v.Tick(mark, v.px(x.at(target))),
    )


def _bar(
    frame: Frame, rank: int, pair: tuple[str, v.Value], x: v.Scale, measure: Measure, *, highlight: bool
) -> Bar:
    label, value = pair
    bottom = TOP + (rank + 1) * frame.row - (4 if frame.above else (frame.row - THICK) / 2)
    y = bottom - THICK
    end = x.at(v.number(value)) if v.is_known(value) else x.first
    too_few = value is v.TOO_FEW
    return Bar(
        label=label,
        label_y=v.px(y - 6 if frame.above else y + THICK - 4),
        y=v.px(y),
        text_y=v.px(y + THICK - 4),
        width=v.px(end - x.first),
        value=spoken.said(value, measure),
        value_x=v.px(end + (46 if too_few else 6)),
        colour=BAR_HIGHLIGHT if highlight else BAR,
        weight="700" if highlight else "400",
        too_few=too_few,
    )
