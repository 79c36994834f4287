from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from cep_portal.common.days import months_later
from procurement.commitments.models import Commitment, CommitmentVersion
from procurement.commitments.rules import (
    can_read_commitments,
    can_write_commitments,
)
from procurement.commitments.selectors import versions_applying
from procurement.contracts.hooks import ReadContract
from procurement.contracts.models import Contract
from procurement.followup.rules import clause_of, is_met
from reporting.assessment.enums import CommitmentOutcome
from reporting.assessment.rules import MET, MISSED, NO_DATA, UNJUDGED, UNRIPE, Measure
from reporting.closings.enums import ClosingState
from reporting.closings.hooks import ReadClosing
from reporting.closings.models import Closing, FrozenValue
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiValue
from reporting.kpis.rules import EMPTY, Cell, make_cell
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.rules.periods import last_closed_month, month_of
from reporting.kpis.rules.readers import Cut, Reader, as_read, is_holder, reader
from reporting.kpis.wording import figure

PANEL_MONTHS = 6
type Measures = dict[tuple[int, str, date], Measure]


@dataclass(frozen=True)
class PanelCell:
    """What a month says of a commitment, and the figure as its reader sees it; no state when not bound.

    UNRIPE: not judged yet; UNJUDGED: the reader does not see the figure that is judged.
    """

    state: str
    text: str


@dataclass(frozen=True)
class PanelRow:
    commitment: Commitment
    latest: CommitmentVersion
    cells: tuple[PanelCell, ...]


@dataclass(frozen=True)
class _Reading:
    """Of which contract, under which clauses, in which quality, on which day."""

    contract: Contract
    params: dict
    reader: Reader
    on: date


def assessment_list() -> QuerySet[Closing]:
    """The frozen months with what became of their commitments, latest first; one query."""
    return (
        Closing.objects.filter(state=ClosingState.FROZEN)
        .select_related("contract__holder", "contract__lot")
        .annotate(
            **{
                outcome.lower(): Count("results", filter=Q(results__outcome=outcome))
                for outcome in CommitmentOutcome
            }
        )
        .order_by("-month", "-frozen_at", "-pk")
    )


def results_part(read: ReadClosing) -> dict | None:
    """What each commitment came to with the freeze, and why; None before it. One query."""
    results = read.closing.results.select_related("version__commitment", "penalty").order_by(
        "version__commitment__number", "pk"
    )
    return {"results": list(results)} if read.closing.is_frozen else None


def versions_judged(*, closing: Closing, values: Mapping[str, FrozenValue]) -> list[CommitmentVersion]:
    """The commitments of a contract that bind the month of their frozen figure, and have no result yet."""
    months = {value.month for value in values.values()} | {closing.month}
    return [
        version
        for month in sorted(months)
        for version in versions_applying(month=month)
        .filter(commitment__contract=closing.contract_id)
        .exclude(results__closing=closing)
        if _month_of(version, values, closing) == month
    ]


def _month_of(version: CommitmentVersion, values: Mapping[str, FrozenValue], closing: Closing) -> date:
    return values[version.indicator].month if version.indicator in values else closing.month


def measures_of(*, months: Sequence[date], contract: Contract | None = None) -> Measures:
    """Stored counts by (contract, indicator, month), regions summed; the rate is made by reporting.kpis.

    One query.
    """
    values = KpiValue.objects.filter(
        kpi__in=list(DEFINITIONS), period_kind=PeriodKind.MONTH, period_starts_on__in=months
    )
    if contract is not None:
        values = values.filter(contract=contract)
    rows = (
        values.values("contract", "kpi", "period_starts_on")
        .annotate(over=Sum("numerator"), under=Sum("denominator"))
        .order_by()
    )
    return {(row["contract"], row["kpi"], row["period_starts_on"]): _measure(row) for row in rows}


def commitment_part(read: ReadContract) -> dict | None:
    """The commitments of a contract against what was measured, last six closed months. Two queries.

    The parties read exact figures, others released ones (reporting.kpis.rules.readers). A month that is not
    ripe shows its figure, judged by nobody. None for who may not read commitments. The contract comes with
    its lot, market and rule set.
    """
    contract, user = read.contract, read.user
    own = is_holder(user, contract)
    if not (own or can_read_commitments(user)):
        return None
    last = last_closed_month(read.on).starts_on
    months = [months_later(last, -back) for back in reversed(range(PANEL_MONTHS))]
    versions = (
        CommitmentVersion.objects.visible_to(user)
        .filter(commitment__contract=contract)
        .select_related("commitment")
        .order_by("commitment__number", "version", "pk")
    )
    by_commitment: dict[int, list[CommitmentVersion]] = {}
    for version in versions:
        by_commitment.setdefault(version.commitment_id, []).append(version)
    measures = measures_of(months=months, contract=contract)
    params = contract.lot.market.rule_set.params
    reading = _Reading(contract, params, reader(user, contract=contract), read.on)
    rows = [
        PanelRow(
            commitment=known[-1].commitment,
            latest=known[-1],
            cells=tuple(_cell(known, month, measures, reading) for month in months),
        )
        for known in by_commitment.values()
    ]
    return {"months": months, "rows": rows, "can_write": can_write_commitments(user), "is_own": own}


def _measure(row: Mapping) -> Measure:
    cell = make_cell(DEFINITIONS[row["kpi"]], row["over"], row["under"])
    return Measure(row["over"], cell.denominator, cell.value)


def _cell(
    versions: list[CommitmentVersion],
    month: date,
    measures: Measures,
    reading: _Reading,
) -> PanelCell:
    version = next((version for version in versions if _binds(version, month)), None)
    if version is None:
        return PanelCell("", "")
    definition = DEFINITIONS[version.indicator]
    measure = measures.get((reading.contract.pk, version.indicator, month))
    if measure is None or measure.value is None:
        return PanelCell(NO_DATA, figure(definition, EMPTY))
    exact = make_cell(definition, measure.numerator, measure.denominator)
    seen = as_read(
        definition, exact, cut=Cut.LOT, period=month_of(month), reader=reading.reader, on=reading.on
    )
    return PanelCell(_state(version, exact, seen, reading), figure(definition, seen))


def _state(version: CommitmentVersion, exact: Cell, seen: Cell, reading: _Reading) -> str:
    if seen.unripe:
        return UNRIPE
    if seen.value is None or exact.value is None or exact.places != seen.places:
        return UNJUDGED
    met = is_met(
        clause=clause_of(params=reading.params, name=version.penalty_clause),
        comparison=version.comparison,
        target=version.target,
        measured=exact.value,
    )
    return MET if met else MISSED


def _binds(version: CommitmentVersion, month: date) -> bool:
    return version.first_month <= month and (version.last_month is None or version.last_month >= month)
