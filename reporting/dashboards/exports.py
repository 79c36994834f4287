"""CSV for spreadsheets in French: semicolons, decimal commas, what the page shows and no more."""

from collections.abc import Iterator

from cep_portal.common.days import PARIS, local
from cep_portal.common.spreadsheets import spreadsheet
from reporting.dashboards.selectors import NationalReport, TerritoryReport
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiRun
from reporting.kpis.rules import Cell
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition
from reporting.kpis.rules.periods import Period

HEADER = (
    "territoire",
    "indicateur",
    "libelle",
    "periode",
    "valeur",
    "unite",
    "numerateur",
    "denominateur",
    "non_montre",
    "effectif_faible",
    "provisoire",
    "version_definition",
    "calcule_le",
)


def national_csv(report: NationalReport) -> str:
    """France, then every region, for the period of the report or the wider one that the page shows."""
    places = [("France", report.france), *((row.region.name, row.figures) for row in report.rows)]
    return spreadsheet(
        HEADER,
        (
            _line(place, figure.definition, figure.period, figure.cell, report.run)
            for place, figures in places
            for figure in figures.values()
        ),
    )


def region_csv(report: TerritoryReport) -> str:
    """Every closed month of the territory since January 2024, and the wider windows that its page shows."""
    lines = {
        (code, month): cell
        for code, cells in report.series.items()
        for month, cell in zip(report.months, cells, strict=True)
    }
    for code, cells in report.lines.items():
        lines |= {(code, window): cell for window, cell in zip(report.windows[code], cells, strict=True)}
    lines |= {(code, figure.period): figure.cell for code, figure in report.figures.items() if figure.over}
    return spreadsheet(
        HEADER,
        (
            _line(report.title, DEFINITIONS[code], period, cell, report.run)
            for (code, period), cell in lines.items()
            if not (cell.value is None and period.kind == PeriodKind.ROLLING)
        ),
    )


def _line(place: str, definition: KpiDefinition, period: Period, cell: Cell, run: KpiRun) -> Iterator[object]:
    yield from (place, definition.code, definition.label, period.code)
    yield from (_value(cell), definition.unit, cell.numerator, cell.band or cell.denominator)
    yield cell.withheld or ""
    yield from ("oui" if said else "non" for said in (cell.fragile, cell.unripe))
    yield definition.version
    yield f"{local(run.started_at, PARIS):%Y-%m-%d %H:%M}"


def _value(cell: Cell) -> str:
    return "" if cell.value is None else f"{cell.value:.{cell.places}f}".replace(".", ",")
