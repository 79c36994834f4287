"""The pictures of a report: the same in the page and in the pack."""

from dataclasses import dataclass, replace

from cep_portal.common.charts import (
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
from reporting.dashboards.selectors import Figure, NationalReport, TerritoryReport
from reporting.kpis.rules import Cell
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition
from reporting.kpis.rules.periods import Period
from reporting.kpis.wording import drawn, figure


def regions_map(report: NationalReport, definition: KpiDefinition, urls: dict[str, str]) -> FranceMap:
    return france_map(
        title=f"{definition.label}, {report.period.label}",
        values={row.region.pk: _mapped(row.figures[definition.code]) for row in report.rows},
        measure=Measure(unit=definition.short_unit, places=definition.decimals),
        urls=urls,
        value_header=definition.label,
    )


def _mapped(regional: Figure) -> Value:
    """A running period is drawn, said provisional; a figure whose lag runs is not: it means nothing yet."""
    return drawn(regional.cell if regional.is_rising else replace(regional.cell, unripe=False))


def source(report: NationalReport | TerritoryReport, territory: str) -> str:
    """The line under an image that is taken away: of where, and when it was computed."""
    computed = local_day(report.run.started_at)
    return f"{territory} · Mon CEP, France compétences · calculé le {dated_day(computed)}"


@dataclass(frozen=True)
class MonthLine:
    month: Period
    figures: tuple[str, ...]


def month_lines(report: TerritoryReport) -> tuple[MonthLine, ...]:
    """Every indicator of each closed month, as printed: the one table of all the trends."""
    return tuple(
        MonthLine(
            month,
            tuple(
                _printed(definition, report.series[definition.code][rank])
                for definition in DEFINITIONS.values()
            ),
        )
        for rank, month in enumerate(report.months)
    )


def _printed(definition: KpiDefinition, cell: Cell) -> str:
    """« 10,4 j », « 6,4 j (p) » while it is provisional."""
    text = figure(definition, cell)
    return f"{text} (p)" if cell.unripe else text


def trends(report: TerritoryReport) -> list[LineChart]:
    """One line per indicator, every closed month since January 2024."""
    return [_trend(report, definition) for definition in DEFINITIONS.values()]


def _trend(report: TerritoryReport, definition: KpiDefinition) -> LineChart:
    starts = [month.starts_on for month in report.months]
    return line_chart(
        title=definition.label,
        axis=months(starts),
        series=[Series(report.title, [drawn(cell) for cell in report.series[definition.code]])],
        measure=Measure(unit=definition.short_unit, places=definition.decimals),
        breaks=[starts.index(day) for day in definition.series_breaks if day in starts],
    )


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
