"""CSV for spreadsheets in French: semicolons, decimal commas, masked cells as « secret »."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from cep_portal.common.templatetags.french import PARIS, local
from reporting.dashboards.selectors import NationalReport, TerritoryReport
from reporting.kpis.models import KpiRun
from reporting.kpis.periods import Period
from reporting.kpis.registry import DEFINITIONS, KpiDefinition
from reporting.kpis.rules import Cell

HEADER = (
    "territoire",
    "indicateur",
    "libelle",
    "periode",
    "valeur",
    "unite",
    "numerateur",
    "denominateur",
    "secret",
    "effectif_faible",
    "version_definition",
    "calcule_le",
)


def national_csv(report: NationalReport) -> str:
    """France, then every region, for the period of the report."""
    places = [("France", report.france), *((row.region.name, row.figures) for row in report.rows)]
    return _written(
        _line(place, one.definition, report.period, one.cell, report.run)
        for place, figures in places
        for one in figures.values()
    )


def region_csv(report: TerritoryReport) -> str:
    """Every closed month of the territory since January 2024."""
    return _written(
        _line(report.title, DEFINITIONS[code], month, cell, report.run)
        for code, cells in report.series.items()
        for month, cell in zip(report.months, cells, strict=True)
    )


def _line(place: str, definition: KpiDefinition, period: Period, cell: Cell, run: KpiRun) -> Iterator[object]:
    yield from (place, definition.code, definition.label, period.code)
    yield from (_value(definition, cell), definition.unit, cell.numerator, cell.denominator)
    yield from ("oui" if cell.masked else "non", "oui" if cell.fragile else "non")
    yield definition.version
    yield f"{local(run.started_at, PARIS):%Y-%m-%d %H:%M}"


def _value(definition: KpiDefinition, cell: Cell) -> str:
    if cell.masked:
        return "secret"
    if cell.value is None:
        return ""
    return f"{cell.value:.{definition.decimals}f}".replace(".", ",")


def _written(lines: Iterable[Iterable[object]]) -> str:
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEADER)
    writer.writerows(list(line) for line in lines)
    return "\ufeff" + out.getvalue()  # the mark by which spreadsheets know UTF-8
