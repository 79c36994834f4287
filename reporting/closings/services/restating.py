from datetime import date, datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day, months_later
from reporting.closings import rules
from reporting.closings.enums import ClosingState, RestatementDecision
from reporting.closings.errors import AlreadyAsked
from reporting.closings.models import Closing, FrozenValue, Restatement
from reporting.closings.rules import is_material, judged
from reporting.closings.selectors.evidence import evidence_of
from reporting.closings.services.freezing import Total, totals_of
from reporting.closings.services.locking import check_entitled, said
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.rules.periods import quarter_of


def restate_quarter(*, now: datetime) -> int:
    """Compare the frozen months of the last twelve with what they count now; returns how many figures moved.

    Once a quarter, for the quarter that is over: a month frozen after its quarter is compared the next time.
    Each figure that moved is written once a quarter, material or not; the frozen one never changes (INV-15).
    Safe to run twice: a figure already compared in the quarter is left.
    """
    quarter = months_later(quarter_of(local_day(now)).starts_on, -3)
    closings = Closing.objects.filter(
        state=ClosingState.FROZEN,
        superseded_by__isnull=True,
        month__range=(months_later(quarter, -9), months_later(quarter, 2)),
    )
    return sum(_restate(closing, quarter, now) for closing in closings.order_by("month", "pk"))


@transaction.atomic
def _restate(closing: Closing, quarter: date, now: datetime) -> int:
    Closing.objects.select_for_update(of=("self",)).get(pk=closing.pk)  # two passages write it once
    lines = evidence_of(contract_ids=[closing.contract_id], month=closing.month, known_at=now)
    totals = {total.kpi: total for total in totals_of(lines[closing.contract_id], month=closing.month)}
    moved = [
        _restatement(value, totals[value.kpi], quarter, now)
        for value in closing.values.exclude(restatements__quarter=quarter)
        if (value.numerator, value.denominator)
        != (totals[value.kpi].numerator, totals[value.kpi].denominator)
    ]
    Restatement.objects.bulk_create(moved)
    return len(moved)


def _restatement(value: FrozenValue, total: Total, quarter: date, now: datetime) -> Restatement:
    fresh = judged(DEFINITIONS[value.kpi], total.numerator, total.denominator).value
    return Restatement(
        frozen=value,
        quarter=quarter,
        known_at=now,
        numerator=total.numerator,
        denominator=total.denominator,
        value=fresh,
        is_material=is_material(value.value, fresh),
    )


@transaction.atomic
def decide_restatement(
    *, restatement: Restatement, decision: str, reasons: str, by: User, now: datetime
) -> Restatement:
    """Keep, regularise or ask for a reopening of a figure that late facts moved by its materiality or more.

    Raises ClosingMandateNotEntitled, ReasonsMissing, AlreadyAsked.
    """
    check_entitled(rules.can_decide, by)
    reasons = said(reasons, "Une décision porte ses motifs.")
    row = Restatement.objects.select_for_update(of=("self",)).get(pk=restatement.pk)
    if row.decided_at is not None:
        raise AlreadyAsked("Cette révision est déjà décidée.")
    row.decision, row.reasons = RestatementDecision(decision), reasons
    row.decided_at, row.decided_under = now, by.mandate
    row.save(update_fields=["decision", "reasons", "decided_at", "decided_under"])
    record(action="reporting.restatement.decided", target=row, by=by, data={"decision": decision}, now=now)
    return row
