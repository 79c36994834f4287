from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from cep_portal.accounts.services import record
from cep_portal.common.days import months_later
from procurement.commitments.models import CommitmentVersion
from procurement.followup.enums import PenaltyState
from procurement.followup.errors import NotApplicable, NotSignificant
from procurement.followup.models import Penalty
from procurement.followup.rules import (
    Computation,
    clause_of,
    is_met,
    missed_target,
    smallest_sample,
)
from procurement.followup.rules.points import PLACES
from procurement.followup.selectors import failed_in


@dataclass(frozen=True)
class MeasuredFigure:
    """The frozen figure that a proposal is made of, by plain values: its page, its hash, its definition."""

    uuid: UUID
    sha256: str
    definition: str


def propose_penalty(
    *,
    version: CommitmentVersion,
    month: date,
    measured: Decimal,
    numerator: int,
    denominator: int | None,
    now: datetime,
    figure: MeasuredFigure | None = None,
) -> Penalty | None:
    """Propose what the rule set says for one measured month, or None when the commitment is met.

    Amounts in euros outside VAT. Idempotent: the first proposal of a version and month stays, with its
    facts. `denominator` is None for a count. `figure` names the frozen figure that was measured.
    Raises NotApplicable (nothing counted), NotSignificant
    (too few counted, INV-17), PenaltyClauseUnknown. Nothing is owed: a proposal is heard, then decided.
    """
    params = version.commitment.contract.lot.market.rule_set.params
    clause = clause_of(params=params, name=version.penalty_clause)
    _check_sample(denominator, smallest_sample(clause=clause))
    if is_met(
        clause=clause,
        comparison=version.comparison,
        target=version.target,
        measured=measured,
    ):
        return None
    computation = missed_target(
        clause=clause,
        comparison=version.comparison,
        target=version.target,
        measured=measured,
        repeated=failed_in(commitment=version.commitment, month=months_later(month, -1)),
        unit=version.measure.unit,
    )
    facts = {
        "measured": round(measured, 2 * PLACES),
        "numerator": numerator,
        "denominator": denominator,
        "figure_ref": figure.uuid if figure else None,
        "figure_sha256": figure.sha256 if figure else "",
        "definition_ref": figure.definition if figure else "",
    }
    return _propose(version, month, facts, computation, now)


@transaction.atomic
def _propose(
    version: CommitmentVersion,
    month: date,
    facts: dict,
    computation: Computation,
    now: datetime,
) -> Penalty:
    penalty, created = Penalty.objects.get_or_create(
        version=version,
        month=month,
        defaults={
            **facts,
            "computed_amount_excl_tax": computation.amount_excl_tax,
            "trace": computation.trace,
            "state": PenaltyState.PROPOSED,
            "proposed_at": now,
        },
    )
    if created:
        record(
            action="procurement.penalty.proposed",
            target=penalty,
            by=None,
            data={"amount_excl_tax": str(penalty.computed_amount_excl_tax)},
            now=now,
        )
    return penalty


def _check_sample(denominator: int | None, smallest: int) -> None:
    if denominator is None:
        return
    if denominator == 0:
        raise NotApplicable("Rien n’a été compté ce mois-là : sans objet.")
    if denominator < smallest:
        raise NotSignificant(f"Seuls {denominator} cas comptés, moins de {smallest} : non significatif.")
