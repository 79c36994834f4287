"""The pictures of a report: the same in the page and in the pack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cep_portal.common.charts import (
    TOO_FEW,
    Doubt,
    FranceMap,
    LineChart,
    Measure,
    Series,
    SmallMultiples,
    france_map,
    line_chart,
    months,
    small_multiples,
    year_months,
)
from cep_portal.common.charts.values import Value
from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import dated_day
from reporting.dashboards.selectors import NationalReport, TerritoryReport
from reporting.kpis.rules import Cell, Withheld
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition
from reporting.kpis.rules.intervals import interval
from reporting.kpis.rules.periods import Period
from reporting.kpis.wording import drawn, figure


def regions_map(report: NationalReport, definition: KpiDefinition, urls: dict[str, str]) -> FranceMap:
    """A rate over twelve ripe months, a count of its period; hatched where too few are counted to compare."""
    return france_map(
        title=f"{definition.label}, {report.drawn_period.label}",
        values={code: _mapped(cell) for code, cell in report.drawn.items()},
        measure=Measure(unit=definition.short_unit, places=definition.decimals),
        urls=urls,
        value_header=definition.label,
    )


def _mapped(cell: Cell) -> Value:
    return TOO_FEW if cell.fragile else drawn(cell)


def source(report: NationalReport | TerritoryReport, territory: str) -> str:
    """The line under an image that is taken away: of where, and when it was computed."""
    computed = local_day(report.run.started_at)
    return f"{territory} · Mon CEP, France compétences · calculé le {dated_day(computed)}"


@dataclass(frozen=True)
class MonthLine:
    month: Period
    figures: tuple[str, ...]


def month_headers(report: TerritoryReport) -> tuple[str, ...]:
    """« Satisfaits », « Satisfaits, 12 mois » where the line is drawn over the twelve months to each."""
    return tuple(
        definition.short_title + ("" if report.windows[code] == report.months else ", 12 mois")
        for code, definition in DEFINITIONS.items()
    )


def month_lines(report: TerritoryReport) -> tuple[MonthLine, ...]:
    """Every point of every line, as printed: the one table of all the trends."""
    return tuple(
        MonthLine(
            month,
            tuple(
                _printed(definition, report.lines[definition.code][rank])
                for definition in DEFINITIONS.values()
            ),
        )
        for rank, month in enumerate(report.months)
    )


def _printed(definition: KpiDefinition, cell: Cell) -> str:
    """« 10,4 j », « 6,4 j (p) » while it is provisional."""
    text = figure(definition, cell)
    return f"{text} (p)" if cell.unripe else text


def trends(report: TerritoryReport, targets: Mapping[str, Decimal] | None = None) -> list[LineChart]:
    """One line per indicator, every closed month since January 2024, with what it is read against."""
    return [
        _trend(report, definition, (targets or {}).get(definition.code))
        for definition in DEFINITIONS.values()
    ]


def _trend(report: TerritoryReport, definition: KpiDefinition, target: Decimal | None) -> LineChart:
    starts = [month.starts_on for month in report.months]
    cells, windows = report.lines[definition.code], report.windows[definition.code]
    lines = [Series(report.title, [drawn(cell) for cell in cells], is_own=True)]
    if reference := report.reference.get(definition.code):
        lines.append(Series("France", [drawn(cell) for cell in reference]))
    return line_chart(
        title=definition.label if windows == report.months else f"{definition.label}, sur 12 mois",
        axis=months(starts),
        series=lines,
        measure=Measure(
            unit=definition.short_unit,
            places=definition.decimals,
            target=None if target is None else float(target),
            target_label="engagement",
        ),
        breaks=[starts.index(day) for day in definition.series_breaks if day in starts],
        doubt=Doubt(
            intervals=[interval(definition, cell) for cell in cells],
            unripe=max(map(_unripe, (cells, reference or ()))),
        ),
    )


def _unripe(cells: Sequence[Cell]) -> int:
    return sum(cell.unripe or cell.withheld is Withheld.UNRIPE for cell in cells)


def seasons(report: TerritoryReport, definition: KpiDefinition) -> SmallMultiples:
    """The years side by side on one scale: is this autumn like the last one?"""
    years = sorted({month.starts_on.year for month in report.months})
    cells = dict(zip(report.months, report.series[definition.code], strict=True))
    by_month = {(month.starts_on.year, month.starts_on.month): drawn(cell) for month, cell in cells.items()}
    return small_multiples(
        title=f"{definition.label}, année par année",
        axis=year_months(),
        panels=[Series(str(year), [by_month.get((year, month)) for month in range(1, 13)]) for year in years],
        measure=Measure(unit=definition.short_unit, places=definition.decimals),
    )
