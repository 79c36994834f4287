from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.postgres.aggregates import BoolOr
from django.db.models import QuerySet, Sum

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import months_later
from procurement.commitments.models import Commitment, CommitmentVersion
from procurement.commitments.rules import (
    can_read_commitments,
    can_write_commitments,
)
from procurement.contracts.hooks import ReadContract
from procurement.contracts.models import Contract
from procurement.followup.rules import clause_of, is_met
from reporting.assessment.models import AssessmentRun
from reporting.assessment.rules import MET, MISSED, NO_DATA, SECRET, UNRIPE, Measure, can_read_exact
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiValue
from reporting.kpis.rules import is_small, make_cell, people_counts
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.rules.periods import last_closed_month, month_of
from reporting.kpis.rules.ripeness import is_ripe, last_ripe_month

PANEL_MONTHS = 6
type Measures = dict[tuple[int, str, date], Measure]


@dataclass(frozen=True)
class PanelCell:
    """What a month says of a commitment: MET, MISSED, NO_DATA, SECRET or UNRIPE; empty when not bound."""

    state: str
    measure: Measure | None
    version: CommitmentVersion | None


@dataclass(frozen=True)
class PanelRow:
    commitment: Commitment
    latest: CommitmentVersion
    cells: tuple[PanelCell, ...]


@dataclass(frozen=True)
class _Reading:
    """Of which contract, under which clauses, with which right, on which day."""

    contract: Contract
    params: dict
    is_exact: bool
    on: date


def assessment_list() -> QuerySet[AssessmentRun]:
    """The runs, latest first."""
    return AssessmentRun.objects.select_related("requested_under__user").order_by("-started_at", "-pk")


def months_judged(*, on: date) -> dict[str, date]:
    """By indicator, the first day of the latest month that may be judged on a day."""
    return {code: last_ripe_month(definition, on=on).starts_on for code, definition in DEFINITIONS.items()}


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
        .annotate(over=Sum("numerator"), under=Sum("denominator"), secret=BoolOr("is_masked"))
        .order_by()
    )
    return {(row["contract"], row["kpi"], row["period_starts_on"]): _measure(row) for row in rows}


def commitment_part(read: ReadContract) -> dict | None:
    """The commitments of a contract against what was measured, last six closed months. Two queries.

    The parties read exact counts: the holder its own, and who manages, analyses or decides; others do not
    read masked figures. A month that is not ripe shows its figure, judged by nobody. None for who may not
    read commitments. The contract comes with its lot, market and rule set.
    """
    contract, user = read.contract, read.user
    own = _is_of_holder(user, contract)
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
    reading = _Reading(contract, params, own or can_read_exact(user), read.on)
    rows = [
        PanelRow(
            commitment=known[-1].commitment,
            latest=known[-1],
            cells=tuple(_cell(known, month, measures, reading) for month in months),
        )
        for known in by_commitment.values()
    ]
    return {"months": months, "rows": rows, "can_write": can_write_commitments(user), "is_own": own}


def _is_of_holder(user: User, contract: Contract) -> bool:
    mandate = user.mandate
    return (
        mandate is not None
        and mandate.role == Role.OPERATOR_MANAGER
        and mandate.organisation_id == contract.holder_id
    )


def _measure(row: Mapping) -> Measure:
    definition = DEFINITIONS[row["kpi"]]
    cell = make_cell(definition, row["over"], row["under"])
    # A region large enough may hold two contracts, one of them with a handful of persons.
    few = is_small(people_counts(definition, row["over"], row["under"]), settings.PORTAL_MASKING_THRESHOLD)
    return Measure(row["over"], cell.denominator, cell.value, row["secret"] or few)


def _cell(
    versions: list[CommitmentVersion],
    month: date,
    measures: Measures,
    reading: _Reading,
) -> PanelCell:
    version = next((version for version in versions if _binds(version, month)), None)
    if version is None:
        return PanelCell("", None, None)
    measure = measures.get((reading.contract.pk, version.indicator, month))
    if measure is None or measure.value is None:
        return PanelCell(NO_DATA, measure, version)
    if measure.masked and not reading.is_exact:
        return PanelCell(SECRET, None, version)
    if not is_ripe(DEFINITIONS[version.indicator], month_of(month), on=reading.on):
        return PanelCell(UNRIPE, measure, version)
    met = is_met(
        clause=clause_of(params=reading.params, name=version.penalty_clause),
        comparison=version.comparison,
        target=version.target,
        measured=measure.value,
    )
    return PanelCell(MET if met else MISSED, measure, version)


def _binds(version: CommitmentVersion, month: date) -> bool:
    return version.first_month <= month and (version.last_month is None or version.last_month >= month)
