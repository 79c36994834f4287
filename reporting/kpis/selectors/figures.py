from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import TruncMonth, TruncYear

from cep_portal.common.days import PARIS, local_day
from cep_portal.territories.models import EmployedPopulation, Region
from procurement.contracts.models import Contract
from procurement.tender.enums import LotKind
from reporting.kpis.enums import PeriodKind, RunState
from reporting.kpis.models import KpiRun, KpiValue
from reporting.kpis.rules import EMPTY, SECRET, Cell, make_cell
from reporting.kpis.rules.definitions import (
    DEFINITIONS,
    EMPLOYMENT_YEAR,
    SERIES_STARTS_ON,
    KpiDefinition,
)
from reporting.kpis.rules.periods import Period, periods_between
from reporting.kpis.selectors.indicators import INDICATORS, Truncation

TRUNCATIONS: dict[str, Truncation] = {PeriodKind.MONTH: TruncMonth, PeriodKind.YEAR: TruncYear}
FRANCE = "FR"


class Counts(NamedTuple):
    """The counts of one indicator for one contract, region and period, before any rate."""

    kpi: str
    kind: str
    starts_on: date
    contract_id: int
    region_id: str
    numerator: int
    denominator: int | None

    @property
    def period(self) -> Period:
        return Period(self.kind, self.starts_on)


@dataclass(frozen=True)
class Figures:
    """Cells by (indicator, territory, period), ready to print; a missing one is « — »."""

    run: KpiRun
    cells: dict[tuple[str, str, Period], Cell]

    def cell(self, kpi: str, territory: str, period: Period) -> Cell:
        return self.cells.get((kpi, territory, period), EMPTY)


def latest_run() -> KpiRun | None:
    """The last finished computation: the stored values are its values."""
    return KpiRun.objects.filter(state=RunState.DONE).order_by("-started_at", "-pk").first()


def counts_known_at(*, known_at: datetime) -> list[Counts]:
    """Every indicator for all contracts, regions, months and years, from facts known at an instant.

    Seven grouped aggregates: six indicators by month, and by year the one whose months do not add up; active
    beneficiaries are the denominator of the share in level 2. Nothing is stored.
    """
    scanned = [code for code in INDICATORS if not DEFINITIONS[code].denominator_of]
    months = [row for code in scanned for row in _counted(code, PeriodKind.MONTH, known_at)]
    distinct = [code for code in scanned if not DEFINITIONS[code].months_add_up]
    years = [row for code in distinct for row in _counted(code, PeriodKind.YEAR, known_at)]
    rows = months + years + _added_up(months)
    rows += _denominators(rows)
    return rows + _zeros(rows, last_day=local_day(known_at, PARIS))


def _denominators(rows: list[Counts]) -> list[Counts]:
    counts = {
        definition.denominator_of: definition.code
        for definition in DEFINITIONS.values()
        if definition.denominator_of
    }
    return [
        Counts(
            counts[row.kpi],
            row.kind,
            row.starts_on,
            row.contract_id,
            row.region_id,
            row.denominator or 0,
            None,
        )
        for row in rows
        if row.kpi in counts
    ]


def _counted(kpi: str, kind: str, known_at: datetime) -> Iterator[Counts]:
    counted = INDICATORS[kpi](known_at=known_at, by=TRUNCATIONS[kind])
    for contract, region, starts_on, numerator, denominator in counted.values_list(
        "kpi_contract", "kpi_region", "starts_on", "numerator", "denominator"
    ):
        yield Counts(kpi, kind, starts_on, contract, region, numerator, denominator)


def _added_up(months: list[Counts]) -> list[Counts]:
    """The calendar years of the indicators whose months add up: the sum of the months, no second scan."""
    sums: dict[tuple, Sums] = defaultdict(Sums)
    for row in months:
        definition = DEFINITIONS[row.kpi]
        if definition.months_add_up:
            year = row.starts_on.replace(month=1)
            sums[row.kpi, year, row.contract_id, row.region_id].add(
                definition, row.region_id, row.numerator, row.denominator
            )
    return [
        Counts(kpi, PeriodKind.YEAR, year, contract, region, one.numerator, one.denominator)
        for (kpi, year, contract, region), one in sums.items()
    ]


def _zeros(rows: list[Counts], *, last_day: date) -> list[Counts]:
    """A contract in force where nobody came counts 0, which is not « no data »."""
    known = {row[:5] for row in rows}
    populations = employed_populations()
    empty = []
    for contract, region, starts_on, ends_on in _scopes():
        last = min(ends_on, last_day)
        for period in periods_between(max(starts_on, SERIES_STARTS_ON), last):
            for kpi in DEFINITIONS.values():
                key = (kpi.code, period.kind, period.starts_on, contract, region)
                if kpi.zero_when_empty and key not in known:
                    stock = populations.get(region) if kpi.denominator_of_region else None
                    empty.append(Counts(*key, 0, stock))
    return empty


def _scopes() -> QuerySet:
    return (
        Contract.objects.exclude(lot__kind=LotKind.TECHNICAL)
        .filter(ends_on__gte=SERIES_STARTS_ON, lot__regions__isnull=False)
        .order_by("pk", "lot__regions")
        .values_list("pk", "lot__regions", "starts_on", "ends_on")
    )


def employed_populations() -> dict[str, int]:
    """People in work by region: the year that the uptake rate names, or the last one before."""
    return dict(
        EmployedPopulation.objects.filter(year__lte=EMPLOYMENT_YEAR)
        .order_by("year")
        .values_list("region_id", "total")
    )


def national_figures(*, run: KpiRun, periods: list[Period]) -> Figures:
    """Every region and France for some periods of one kind."""
    values = KpiValue.objects.filter(
        kpi__in=list(DEFINITIONS),
        period_kind__in={period.kind for period in periods},
        period_starts_on__in={period.starts_on for period in periods},
    )
    regional = _summed(values, "region_id")
    return Figures(run, _cells(regional) | _national_cells(run, regional))


def region_figures(*, region: Region) -> Figures | None:
    """One region since January 2024, months and years; None before the first run."""
    run = latest_run()
    if run is None:
        return None
    values = KpiValue.objects.filter(
        region=region, period_kind__in=list(PeriodKind), kpi__in=list(DEFINITIONS)
    )
    return Figures(run, _cells(_summed(values, "region_id")))


def contract_figures(*, contract: Contract) -> Figures | None:
    """One contract since its start, all its regions together, for its own operator: nothing is masked."""
    run = latest_run()
    if run is None:
        return None
    values = contract.kpi_values.annotate(territory=F("contract_id"))
    return Figures(run, _cells(_summed(values, "territory"), masking=False))


def lots_figures(*, run: KpiRun, period: Period, but: Contract) -> Figures:
    """Every other regional contract for one period, by key, masked as everybody reads them; one query."""
    values = KpiValue.objects.filter(
        kpi__in=list(DEFINITIONS),
        period_kind=period.kind,
        period_starts_on=period.starts_on,
        contract__lot__kind=LotKind.REGIONAL,
    )
    others = values.exclude(contract=but).annotate(territory=F("contract_id"))
    return Figures(run, _cells(_summed(others, "territory")))


class Sums:
    """Counts of one cell while contracts and regions are added up."""

    def __init__(self) -> None:
        self.numerator = 0
        self.flows: int | None = None
        self.stocks: dict[str, int] = {}
        self.masked = False

    def add(
        self, definition: Any, region: Any, numerator: Any, denominator: Any, *, masked: bool = False
    ) -> None:
        self.numerator += numerator
        self.masked = self.masked or masked
        if denominator is None:
            return
        if definition.denominator_of_region:
            self.stocks[region] = denominator
        else:
            self.flows = (self.flows or 0) + denominator

    @property
    def denominator(self) -> int | None:
        return sum(self.stocks.values()) if self.stocks else self.flows


def _summed(values: QuerySet, territory: str) -> dict[tuple[str, str, Period], Sums]:
    sums: dict[tuple[str, str, Period], Sums] = defaultdict(Sums)
    rows = values.order_by().values_list(
        "kpi", territory, "period_kind", "period_starts_on", "region_id",
        "numerator", "denominator", "is_masked",
    )  # fmt: skip
    for kpi, where, kind, starts_on, region, numerator, denominator, masked in rows:
        key = (kpi, str(where), Period(kind, starts_on))
        sums[key].add(DEFINITIONS[kpi], region, numerator, denominator, masked=masked)
    return sums


def _cells(sums: dict, *, masking: bool = True) -> dict[tuple[str, str, Period], Cell]:
    return {
        key: SECRET if masking and one.masked else _cell(DEFINITIONS[key[0]], one)
        for key, one in sums.items()
    }


def _cell(definition: KpiDefinition, sums: Sums) -> Cell:
    return make_cell(definition, sums.numerator, sums.denominator)


def _national_cells(run: KpiRun, regional: dict) -> dict[tuple[str, str, Period], Cell]:
    totals: dict[tuple[str, str, Period], Sums] = defaultdict(Sums)
    for (kpi, region, period), one in regional.items():
        total = totals[kpi, FRANCE, period]
        total.add(DEFINITIONS[kpi], region, one.numerator, one.denominator)
    masked = set(run.masked_totals)
    for (kpi, _, period), total in totals.items():
        total.masked = f"{kpi} {period.code}" in masked
    return _cells(totals)
