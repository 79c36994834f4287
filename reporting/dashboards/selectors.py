from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.territories.models import Region
from procurement.commitments.models import CommitmentVersion
from procurement.contracts.models import Contract
from reporting.kpis import selectors as kpis
from reporting.kpis.models import KpiRun
from reporting.kpis.rules import Cell, Position, change, is_kept, position
from reporting.kpis.rules.definitions import DEFINITIONS, SERIES_STARTS_ON, KpiDefinition
from reporting.kpis.rules.periods import Period, last_closed_month, months_between
from reporting.kpis.rules.ripeness import is_ripe, ripe_on
from reporting.kpis.selectors import Figures
from reporting.kpis.wording import evolution, figure, quarter, standing, target_text


@dataclass(frozen=True)
class Figure:
    """One indicator somewhere and when, beside the same a year before; ready to print."""

    definition: KpiDefinition
    period: Period
    cell: Cell
    before: Cell
    evolution: str

    @property
    def text(self) -> str:
        return figure(self.definition, self.cell)

    @property
    def is_rising(self) -> bool:
        """Whether the lag of the definition keeps the figure provisional, the period over or not."""
        return self.cell.unripe and self.definition.lag_days > 0

    @property
    def ripe_on(self) -> date:
        """The day from which it may be compared and judged."""
        return ripe_on(self.definition, self.period)

    @property
    def text_before(self) -> str:
        return figure(self.definition, self.before)


@dataclass(frozen=True)
class Target:
    """What the contract promises for an indicator, and whether the figure keeps it (None: no figure)."""

    text: str
    kept: bool | None


@dataclass(frozen=True)
class LotLine:
    """One indicator of a lot: its figure, what was promised, and where it stands among the lots."""

    figure: Figure
    target: Target | None
    position: Position | None

    @property
    def standing(self) -> str:
        return standing(self.figure.definition, self.position) if self.position else ""

    @property
    def quarter(self) -> tuple[str, str] | None:
        return quarter(self.figure.definition, self.position) if self.position else None


@dataclass(frozen=True)
class RegionRow:
    region: Region
    figures: dict[str, Figure]


@dataclass(frozen=True)
class NationalReport:
    period: Period
    is_provisional: bool
    run: KpiRun
    france: dict[str, Figure]
    rows: tuple[RegionRow, ...]


@dataclass(frozen=True)
class TerritoryReport:
    """A region or a lot: its figures of a period, and its months since January 2024."""

    title: str
    period: Period
    is_provisional: bool
    run: KpiRun
    figures: dict[str, Figure]
    months: tuple[Period, ...]
    series: dict[str, tuple[Cell, ...]]
    france: dict[str, Figure]


def readable_regions(*, user: User) -> QuerySet[Region]:
    """France compétences reads every region, a committee member the own one, others none."""
    regions = Region.objects.order_by("name", "pk")
    if user.role in Role.of_france_competences:
        return regions
    if user.role == Role.COMMITTEE_MEMBER:
        return regions.filter(pk=user.acting.region_code)
    return regions.none()


def own_contracts(*, user: User) -> QuerySet[Contract]:
    """The contracts of the operator, the one that ends last first."""
    return Contract.objects.visible_to(user).select_related("lot").order_by("-ends_on", "lot__number", "pk")


def national_report(*, period: Period, on: date) -> NationalReport | None:
    """France and every region for a period, beside the year before; None before the first run."""
    run = kpis.latest_run()
    if run is None:
        return None
    figures = kpis.national_figures(run=run, periods=[period, period.year_before])
    rows = tuple(
        RegionRow(region, _figures(figures, region.pk, period, on))
        for region in sorted(Region.objects.all(), key=_alphabetical)
    )
    return NationalReport(
        period=period,
        is_provisional=not period.is_closed(on),
        run=figures.run,
        france=_figures(figures, kpis.FRANCE, period, on),
        rows=rows,
    )


def region_report(*, region: Region, period: Period, on: date) -> TerritoryReport | None:
    """What the region's page, its CSV and its pack print; None before the first run."""
    figures = kpis.region_figures(region=region)
    if figures is None:
        return None
    france = kpis.national_figures(run=figures.run, periods=[period, period.year_before])
    return _territory(region.name, region.pk, figures, period, on, _figures(france, kpis.FRANCE, period, on))


def contract_report(*, contract: Contract, period: Period, on: date) -> TerritoryReport | None:
    """The same numbers for one contract, read by its own operator; None before the first run."""
    figures = kpis.contract_figures(contract=contract)
    if figures is None:
        return None
    return _territory(str(contract.lot), str(contract.pk), figures, period, on, {})


def targets(*, contract: Contract, report: TerritoryReport) -> dict[str, Target]:
    """What the contract promises for the period's first month, by indicator."""
    versions = CommitmentVersion.objects.filter(
        commitment__contract=contract, indicator__in=list(DEFINITIONS)
    ).applying_to(report.period.starts_on)
    return {
        version.indicator: Target(
            text=target_text(DEFINITIONS[version.indicator], version),
            kept=is_kept(version, report.figures[version.indicator].cell),
        )
        for version in versions.order_by("commitment__number", "pk")
    }


def positions(*, contract: Contract, report: TerritoryReport) -> dict[str, Position]:
    """Where a lot stands among the other regional lots, by indicator, without any name; one query.

    Empty while the period runs: a running month is compared with nothing.
    """
    if report.is_provisional:
        return {}
    others = kpis.lots_figures(run=report.run, period=report.period, but=contract)
    keys = sorted({territory for _, territory, _ in others.cells})
    found = {
        code: position(
            figure.definition, figure.cell, [others.cell(code, key, report.period) for key in keys]
        )
        for code, figure in report.figures.items()
    }
    return {code: one for code, one in found.items() if one is not None}


def lot_lines(*, contract: Contract, report: TerritoryReport) -> list[LotLine]:
    """What a manager reads of the own lot, indicator by indicator; two queries."""
    promised = targets(contract=contract, report=report)
    ranked = positions(contract=contract, report=report)
    return [LotLine(figure, promised.get(code), ranked.get(code)) for code, figure in report.figures.items()]


def _territory(
    title: str, key: str, figures: Figures, period: Period, on: date, france: dict[str, Figure]
) -> TerritoryReport:
    months = tuple(months_between(SERIES_STARTS_ON, last_closed_month(on).starts_on))
    return TerritoryReport(
        title=title,
        period=period,
        is_provisional=not period.is_closed(on),
        run=figures.run,
        figures=_figures(figures, key, period, on),
        months=months,
        series={
            code: tuple(_cell(figures, definition, key, month, on) for month in months)
            for code, definition in DEFINITIONS.items()
        },
        france=france,
    )


def _figures(figures: Figures, territory: str, period: Period, on: date) -> dict[str, Figure]:
    return {
        definition.code: _figure(
            definition,
            _cell(figures, definition, territory, period, on),
            _cell(figures, definition, territory, period.year_before, on),
            period,
            on,
        )
        for definition in DEFINITIONS.values()
    }


def _cell(figures: Figures, definition: KpiDefinition, territory: str, period: Period, on: date) -> Cell:
    """The cell of a territory, said unripe while the period or the lag of its definition runs."""
    cell = figures.cell(definition.code, territory, period)
    return cell if is_ripe(definition, period, on=on) else replace(cell, unripe=cell.value is not None)


def _figure(definition: KpiDefinition, cell: Cell, before: Cell, period: Period, on: date) -> Figure:
    between = (period.year_before.starts_on, period.starts_on)
    # A period that still runs is not compared with one that is over.
    moved = change(definition, before, cell, between=between) if period.is_closed(on) else None
    return Figure(definition, period, cell, before, evolution(definition, moved))


def _alphabetical(region: Region) -> str:
    return region.name.replace("Î", "I")
