from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.territories.models import Region
from procurement.commitments.models import CommitmentVersion
from procurement.contracts.models import Contract
from reporting.kpis import selectors as kpis
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiRun
from reporting.kpis.rules import Cell, Position, Withheld, change, is_kept, position
from reporting.kpis.rules.definitions import DEFINITIONS, SERIES_STARTS_ON, UPTAKE_RATE, KpiDefinition
from reporting.kpis.rules.periods import Period, last_closed_month, months_between, rolling_to, to_date
from reporting.kpis.rules.readers import Cut, Reader, as_read
from reporting.kpis.rules.ripeness import over_a_year, ripe_on
from reporting.kpis.selectors import Figures
from reporting.kpis.wording import evolution, figure, quarter, standing, target_text


@dataclass(frozen=True)
class Figure:
    """One indicator somewhere and when, beside the same a year before; ready to print.

    `period` is wider than the one `asked` for where too few were counted in that one.
    """

    definition: KpiDefinition
    asked: Period
    period: Period
    cell: Cell
    before: Cell
    evolution: str

    @property
    def text(self) -> str:
        return figure(self.definition, self.cell)

    @property
    def over(self) -> str:
        """The wider window that the figure is of, empty when it is the one asked for."""
        return "" if self.period == self.asked else self.period.over

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
class Place:
    """Figures of somewhere, as somebody reads them on a day."""

    figures: Figures
    key: str
    cut: Cut
    reader: Reader
    on: date

    def cell(self, definition: KpiDefinition, period: Period) -> Cell:
        return as_read(
            definition,
            self.figures.cell(definition.code, self.key, period),
            cut=self.cut,
            period=period,
            reader=self.reader,
            on=self.on,
        )

    def figure(self, definition: KpiDefinition, period: Period) -> Figure:
        """The figure of a period, or of the next wider window where too few were counted in it."""
        cell, shown = self.cell(definition, period), period
        if cell.withheld is Withheld.TOO_FEW:
            cell, shown = next(self._wider(definition, period), (cell, period))
        before = self.cell(definition, shown.year_before)
        between = (shown.year_before.starts_on, shown.starts_on)
        # A period that still runs is not compared with one that is over.
        moved = change(definition, before, cell, between=between) if shown.is_closed(self.on) else None
        places = max(cell.places, before.places) if definition.factor else 1
        return Figure(definition, period, shown, cell, before, evolution(definition, moved, places=places))

    def line(self, period: Period) -> dict[str, Figure]:
        """Every indicator of a period."""
        return {code: self.figure(definition, period) for code, definition in DEFINITIONS.items()}

    def series(self, definition: KpiDefinition, windows: tuple[Period, ...]) -> tuple[Cell, ...]:
        return tuple(self.cell(definition, window) for window in windows)

    def _wider(self, definition: KpiDefinition, period: Period) -> Iterator[tuple[Cell, Period]]:
        cells = ((self.cell(definition, window), window) for window in period.wider)
        return ((cell, window) for cell, window in cells if cell.value is not None and not cell.unripe)


@dataclass(frozen=True)
class Target:
    """What the contract promises for an indicator, and whether the figure keeps it (None: no figure)."""

    text: str
    value: Decimal
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
    """France and its regions; `drawn` is what the map shows of the chosen indicator, over `drawn_period`.

    None is drawn of a running month, read of France only.
    """

    period: Period
    is_provisional: bool
    run: KpiRun
    france: dict[str, Figure]
    rows: tuple[RegionRow, ...]
    drawn_period: Period
    is_drawn: bool
    drawn: dict[str, Cell]


@dataclass(frozen=True)
class TerritoryReport:
    """A region or a lot: its figures of a period, and its months since January 2024.

    `lines` are drawn over `windows`: months, or the twelve months to each where most are of too few. So is
    `reference`, France for the indicators whose size does not follow that of the place.
    """

    title: str
    period: Period
    known_on: date
    is_provisional: bool
    run: KpiRun
    figures: dict[str, Figure]
    months: tuple[Period, ...]
    series: dict[str, tuple[Cell, ...]]
    windows: dict[str, tuple[Period, ...]]
    lines: dict[str, tuple[Cell, ...]]
    france: dict[str, Figure]
    reference: dict[str, tuple[Cell, ...]]

    @property
    def drawn(self) -> set[Period]:
        """Every window of a line."""
        return {window for windows in self.windows.values() for window in windows}


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


def national_report(
    *, period: Period | None, on: date, reader: Reader, chosen: KpiDefinition = UPTAKE_RATE
) -> NationalReport | None:
    """France and every region for a period, beside the year before; None before the first run.

    Without a period, the last month whose end the computation knew: a day that no night has computed yet
    closes and ripens nothing, here and in the other reports.
    """
    run = kpis.latest_run()
    if run is None:
        return None
    on = min(on, local_day(run.known_at))
    period = _known(period, on=on)
    drawn_period = over_a_year(chosen, period, on=on) or period
    figures = kpis.national_figures(run=run, periods={*_windows(period), drawn_period})
    regions = sorted(Region.objects.all(), key=_alphabetical)
    places = {region.pk: Place(figures, region.pk, Cut.REGION, reader, on) for region in regions}
    return NationalReport(
        period=period,
        is_provisional=not period.is_closed(on),
        run=run,
        france=Place(figures, kpis.FRANCE, Cut.FRANCE, reader, on).line(period),
        rows=tuple(RegionRow(region, places[region.pk].line(period)) for region in regions),
        drawn_period=drawn_period,
        is_drawn=drawn_period.is_closed(on),
        drawn={code: place.cell(chosen, drawn_period) for code, place in places.items()},
    )


def region_report(
    *, region: Region, period: Period | None, on: date, reader: Reader
) -> TerritoryReport | None:
    """What the region's page, its CSV and its pack print; None before the first run."""
    figures = kpis.region_figures(region=region)
    if figures is None:
        return None
    on = min(on, local_day(figures.run.known_at))
    period = _known(period, on=on)
    report = _territory(region.name, Place(figures, region.pk, Cut.REGION, reader, on), period)
    national = kpis.france_figures(run=figures.run, periods=_windows(period) | report.drawn)
    france = Place(national, kpis.FRANCE, Cut.FRANCE, reader, on)
    return replace(report, france=france.line(period), reference=_reference(report, france))


def contract_report(
    *, contract: Contract, period: Period | None, on: date, reader: Reader
) -> TerritoryReport | None:
    """The same numbers for one contract; None before the first run."""
    figures = kpis.contract_figures(contract=contract)
    if figures is None:
        return None
    on = min(on, local_day(figures.run.known_at))
    place = Place(figures, str(contract.pk), Cut.LOT, reader, on)
    return _territory(str(contract.lot), place, _known(period, on=on))


def lot_report(
    *, contract: Contract, period: Period | None, on: date, reader: Reader
) -> tuple[TerritoryReport, list[LotLine]] | None:
    """What a manager reads of the own lot beside France, what was promised and its rank; no name is told."""
    report = contract_report(contract=contract, period=period, on=on, reader=reader)
    if report is None:
        return None
    national = kpis.france_figures(run=report.run, periods=report.drawn | set(_ranked_over(report).values()))
    france = Place(national, kpis.FRANCE, Cut.FRANCE, Reader.OUTSIDE, report.known_on)
    promised = targets(contract=contract, report=report)
    ranked = positions(contract=contract, report=report, lots=national)
    lines = [LotLine(figure, promised.get(code), ranked.get(code)) for code, figure in report.figures.items()]
    return replace(report, reference=_reference(report, france)), lines


def targets(*, contract: Contract, report: TerritoryReport) -> dict[str, Target]:
    """What the contract promises for the period's first month, by indicator; judged month by month."""
    versions = CommitmentVersion.objects.filter(
        commitment__contract=contract, indicator__in=list(DEFINITIONS)
    ).applying_to(report.period.starts_on)
    return {
        version.indicator: Target(
            text=target_text(DEFINITIONS[version.indicator], version),
            value=version.target,
            kept=is_kept(version, report.figures[version.indicator].cell) if report.period.is_month else None,
        )
        for version in versions.order_by("commitment__number", "pk")
    }


def positions(*, contract: Contract, report: TerritoryReport, lots: Figures) -> dict[str, Position]:
    """Where a lot stands among the regional ones, over twelve ripe months.

    Order tells no figure: exact ones are compared, of the lots where enough were counted.
    """
    own = str(contract.pk)
    others = lots.territories - {own, kpis.FRANCE}
    ranked = {
        code: position(
            DEFINITIONS[code],
            lots.cell(code, own, window),
            [lots.cell(code, key, window) for key in others],
        )
        for code, window in _ranked_over(report).items()
    }
    return {code: rank for code, rank in ranked.items() if rank is not None}


def _ranked_over(report: TerritoryReport) -> dict[str, Period]:
    windows = {
        code: over_a_year(definition, report.period, on=report.known_on)
        for code, definition in DEFINITIONS.items()
    }
    return {code: window for code, window in windows.items() if window}


def _reference(report: TerritoryReport, france: Place) -> dict[str, tuple[Cell, ...]]:
    return {
        code: france.series(DEFINITIONS[code], windows)
        for code, windows in report.windows.items()
        if DEFINITIONS[code].factor
    }


def _territory(title: str, place: Place, period: Period) -> TerritoryReport:
    months = tuple(months_between(SERIES_STARTS_ON, last_closed_month(place.on).starts_on))
    series = {code: place.series(definition, months) for code, definition in DEFINITIONS.items()}
    windows = {code: _drawn_over(months, cells) for code, cells in series.items()}
    return TerritoryReport(
        title=title,
        period=period,
        known_on=place.on,
        is_provisional=not period.is_closed(place.on),
        run=place.figures.run,
        figures=place.line(period),
        months=months,
        series=series,
        windows=windows,
        lines={
            code: series[code] if over is months else place.series(DEFINITIONS[code], over)
            for code, over in windows.items()
        },
        france={},
        reference={},
    )


def _known(period: Period | None, *, on: date) -> Period:
    """The period asked for; of the running year, the months known to be over."""
    if period is None:
        return last_closed_month(on)
    if period.kind == PeriodKind.TO_DATE:
        return to_date(period.starts_on.year, on=on) or period
    return period


def _drawn_over(months: tuple[Period, ...], cells: tuple[Cell, ...]) -> tuple[Period, ...]:
    """The months, or the twelve months to each where most months are of too few to be drawn."""
    few = sum(cell.withheld is Withheld.TOO_FEW for cell in cells)
    return tuple(rolling_to(month.starts_on) for month in months) if 2 * few > len(cells) else months


def _windows(period: Period) -> set[Period]:
    """All that the figures of a period may be read from: it, the wider ones, the same a year before."""
    windows = {period, *period.wider}
    return windows | {window.year_before for window in windows}


def _alphabetical(region: Region) -> str:
    return region.name.replace("Î", "I")
