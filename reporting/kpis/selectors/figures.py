from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, F, Max, Q, QuerySet, Sum, Value, When

from cep_portal.common.days import local_day
from cep_portal.territories.models import EmployedPopulation, Region
from procurement.contracts.models import Contract
from procurement.tender.enums import LotKind
from reporting.facts.selectors.known import changed_since
from reporting.kpis.enums import PeriodKind, RunState
from reporting.kpis.models import KpiRun, KpiValue
from reporting.kpis.rules import EMPTY, Cell, make_cell
from reporting.kpis.rules.definitions import (
    DEFINITIONS,
    EMPLOYMENT_YEAR,
    LEVEL_TWO_SHARE,
    SERIES_STARTS_ON,
    KpiDefinition,
)
from reporting.kpis.rules.periods import Period, months_between, to_date, windows_between
from reporting.kpis.selectors.indicators import INDICATORS
from reporting.kpis.selectors.windows import presences

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


@dataclass(frozen=True)
class Figures:
    """Counts by (indicator, territory, period), and the exact cells made of them; a missing one is « — »."""

    run: KpiRun
    sums: "dict[tuple[str, str, Period], Sums]"

    @property
    def territories(self) -> set[str]:
        return {territory for _, territory, _ in self.sums}

    def cell(self, kpi: str, territory: str, period: Period) -> Cell:
        total = self.sums.get((kpi, territory, period))
        return make_cell(DEFINITIONS[kpi], total.numerator, total.denominator) if total else EMPTY


def latest_run() -> KpiRun | None:
    """The last finished computation: the stored values are its values."""
    return KpiRun.objects.filter(state=RunState.DONE).order_by("-started_at", "-pk").first()


def counts_known_at(*, known_at: datetime) -> list[Counts]:
    """Every indicator for all contracts, regions, months and years, from facts known at an instant.

    Six grouped aggregates by month, and one statement for the wider windows of distinct pathways; those of
    the others are sums of months. Active beneficiaries are the denominator of the share in level 2. Nothing
    is stored. Present rows are enough unless one has changed since: then all is counted with those of before.
    """
    rows = _counts(known_at, only_present=True)
    return _counts(known_at, only_present=False) if changed_since(known_at) else rows


def _counts(known_at: datetime, *, only_present: bool) -> list[Counts]:
    scanned = [code for code in INDICATORS if not DEFINITIONS[code].denominator_of]
    on = local_day(known_at)
    months = [row for code in scanned for row in _counted(code, known_at, only_present=only_present)]
    rows = months + _distinct(known_at, only_present=only_present) + _added_up(months, on=on)
    rows += _denominators(rows)
    return rows + _zeros(rows, last_day=on)


def _distinct(known_at: datetime, *, only_present: bool) -> list[Counts]:
    return [
        Counts(
            LEVEL_TWO_SHARE.code,
            seen.period.kind,
            seen.period.starts_on,
            seen.contract_id,
            seen.region_id,
            seen.with_two,
            seen.present,
        )
        for seen in presences(known_at=known_at, only_present=only_present)
    ]


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


def _counted(kpi: str, known_at: datetime, *, only_present: bool) -> Iterator[Counts]:
    month = PeriodKind.MONTH
    for row in INDICATORS[kpi](known_at=known_at, kind=month, only_present=only_present):
        yield Counts(
            kpi, month, row.starts_on, row.contract_id, row.region_id, row.numerator, row.denominator
        )


def _added_up(months: list[Counts], *, on: date) -> list[Counts]:
    """The wider windows of the indicators whose months add up: sums of months, no second scan."""
    windows: dict[date, list[Period]] = defaultdict(list)
    for window in windows_between(SERIES_STARTS_ON, on):
        for month in months_between(window.starts_on, window.last_month):
            windows[month.starts_on].append(window)
    sums: dict[tuple, Sums] = defaultdict(Sums)
    for row in months:
        definition = DEFINITIONS[row.kpi]
        if definition.months_add_up:
            for window in windows[row.starts_on]:
                sums[row.kpi, window, row.contract_id, row.region_id].add(
                    definition, row.region_id, row.numerator, row.denominator
                )
    return [
        Counts(kpi, window.kind, window.starts_on, contract, region, total.numerator, total.denominator)
        for (kpi, window, contract, region), total in sums.items()
    ]


def _zeros(rows: list[Counts], *, last_day: date) -> list[Counts]:
    """A contract in force where nobody came counts 0, which is not « no data »."""
    known = {row[:5] for row in rows}
    populations = employed_populations()
    empty = []
    for contract, region, starts_on, ends_on in _scopes():
        last = min(ends_on, last_day)
        for period in _periods_in(max(starts_on, SERIES_STARTS_ON), last, on=last_day):
            for kpi in DEFINITIONS.values():
                key = (kpi.code, period.kind, period.starts_on, contract, region)
                if kpi.zero_when_empty and key not in known:
                    stock = populations.get(region) if kpi.denominator_of_region else None
                    empty.append(Counts(*key, 0, stock))
    return empty


def _periods_in(first: date, last: date, *, on: date) -> list[Period]:
    """The months and the windows, as known on a day, that have a day in first..last."""
    windows = (window for window in windows_between(SERIES_STARTS_ON, on) if window.starts_on <= last)
    return months_between(first, last) + [window for window in windows if first < window.next_starts_on]


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


def national_figures(*, run: KpiRun, periods: Collection[Period]) -> Figures:
    """Every region and France for some periods."""
    regional = _summed(_of_periods(periods), "region_id", run)
    return Figures(run, regional | _national(regional))


def france_figures(*, run: KpiRun, periods: Collection[Period]) -> Figures:
    """France for some periods and, over twelve months, each regional lot by key; one query sums them."""
    stocks = [code for code, definition in DEFINITIONS.items() if definition.denominator_of_region]
    ranked = Q(period_kind=PeriodKind.ROLLING, contract__lot__kind=LotKind.REGIONAL)
    rows = (
        _of_periods(periods)
        .annotate(
            stock_of=Case(When(kpi__in=stocks, then=F("region_id")), default=Value("")),
            lot=Case(When(ranked, then=F("contract_id"))),
        )
        .order_by()
        .values_list("kpi", "period_kind", "period_starts_on", "stock_of", "lot")
        .annotate(Sum("numerator"), Sum("denominator"), Max("denominator"))
    )
    sums: dict[tuple[str, str, Period], Sums] = defaultdict(Sums)
    for kpi, kind, starts_on, stock_of, lot, numerator, flows, stock in rows:
        period = _period(kind, starts_on, run)
        for territory in (FRANCE, str(lot)) if lot else (FRANCE,):
            sums[kpi, territory, period].add(
                DEFINITIONS[kpi], stock_of, numerator, stock if stock_of else flows
            )
    return Figures(run, sums)


def region_figures(*, region: Region) -> Figures | None:
    """One region since January 2024, every window; None before the first run."""
    run = latest_run()
    if run is None:
        return None
    values = KpiValue.objects.filter(region=region, kpi__in=list(DEFINITIONS))
    return Figures(run, _summed(values, "region_id", run))


def contract_figures(*, contract: Contract) -> Figures | None:
    """One contract since its start, all its regions together; None before the first run."""
    run = latest_run()
    if run is None:
        return None
    values = contract.kpi_values.annotate(territory=F("contract_id"))
    return Figures(run, _summed(values, "territory", run))


def _of_periods(periods: Collection[Period]) -> QuerySet[KpiValue]:
    asked = Q(pk__in=[])
    for kind in {period.kind for period in periods}:
        starts = {period.starts_on for period in periods if period.kind == kind}
        asked |= Q(period_kind=kind, period_starts_on__in=starts)
    return KpiValue.objects.filter(asked, kpi__in=list(DEFINITIONS))


@dataclass
class Sums:
    """Counts of one cell while contracts and regions are added up."""

    numerator: int = 0
    flows: int | None = None
    stocks: dict[str, int] = field(default_factory=dict)

    def add(self, definition: KpiDefinition, region: str, numerator: int, denominator: int | None) -> None:
        self.numerator += numerator
        if denominator is None:
            return
        if definition.denominator_of_region:
            self.stocks[region] = denominator
        else:
            self.flows = (self.flows or 0) + denominator

    @property
    def denominator(self) -> int | None:
        return sum(self.stocks.values()) if self.stocks else self.flows


def _period(kind: str, starts_on: date, run: KpiRun) -> Period:
    """The period of a stored value; how many months a year to date has is told by its run."""
    if kind == PeriodKind.TO_DATE:
        return to_date(starts_on.year, on=local_day(run.known_at)) or Period(kind, starts_on)
    return Period(kind, starts_on)


def _summed(values: QuerySet, territory: str, run: KpiRun) -> dict[tuple[str, str, Period], Sums]:
    sums: dict[tuple[str, str, Period], Sums] = defaultdict(Sums)
    rows = values.order_by().values_list(
        "kpi", territory, "period_kind", "period_starts_on", "region_id",
        "numerator", "denominator",
    )  # fmt: skip
    for kpi, where, kind, starts_on, region, numerator, denominator in rows:
        key = (kpi, str(where), _period(kind, starts_on, run))
        sums[key].add(DEFINITIONS[kpi], region, numerator, denominator)
    return sums


def _national(regional: dict[tuple[str, str, Period], Sums]) -> dict[tuple[str, str, Period], Sums]:
    totals: dict[tuple[str, str, Period], Sums] = defaultdict(Sums)
    for (kpi, region, period), counts in regional.items():
        total = totals[kpi, FRANCE, period]
        total.add(DEFINITIONS[kpi], region, counts.numerator, counts.denominator)
    return totals
