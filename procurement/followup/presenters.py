"""Penalties as the rows of a list: their age, what is due when, what they will cost, and their totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cep_portal.common.days import local_day
from cep_portal.common.wording.numbers import group, plural
from procurement.followup.enums import PenaltyState
from procurement.followup.models import Penalty
from procurement.followup.rules import exempt

NOTHING_CHARGED = "rien ne sera facturé"


@dataclass(frozen=True)
class PenaltyRow:
    """`age` while something is awaited, `due` until the holder may answer, `charged` when exempt."""

    penalty: Penalty
    age: str
    due: str
    is_late: bool
    charged: str


@dataclass(frozen=True)
class PenaltyTotals:
    """What the rows shown come to, in euros outside VAT; `decided` is None when none was decided."""

    computed: Decimal
    decided: Decimal | None


def penalty_rows(penalties: Sequence[Penalty], *, on: date) -> list[PenaltyRow]:
    return [_row(penalty, on) for penalty in penalties]


def penalty_totals(penalties: Sequence[Penalty]) -> PenaltyTotals:
    decided = [amount for penalty in penalties if (amount := penalty.decided_amount_excl_tax) is not None]
    return PenaltyTotals(
        computed=sum((penalty.computed_amount_excl_tax for penalty in penalties), Decimal(0)),
        decided=sum(decided, Decimal(0)) if decided else None,
    )


def _row(penalty: Penalty, on: date) -> PenaltyRow:
    heard = penalty.state == PenaltyState.NOTIFIED
    due_on = penalty.observations_due_on
    return PenaltyRow(
        penalty=penalty,
        age=_age(penalty, on),
        due=_left(due_on, on) if heard and due_on else "",
        is_late=bool(heard and due_on and due_on < on),
        charged=_charged(penalty),
    )


def _age(penalty: Penalty, on: date) -> str:
    """Since the last act, until the next: « depuis 12 jours »; empty once decided or dropped."""
    if penalty.state in (*PenaltyState.decided, PenaltyState.DROPPED):
        return ""
    days = (on - _awaiting_since(penalty)).days
    return f"depuis {group(days)} jour{plural(days)}" if days > 0 else "aujourd’hui"


def _awaiting_since(penalty: Penalty) -> date:
    if penalty.state == PenaltyState.SILENT and penalty.observations_due_on:
        return penalty.observations_due_on
    return local_day(penalty.observed_at or penalty.notified_at or penalty.proposed_at)


def _left(due_on: date, on: date) -> str:
    left = (due_on - on).days
    if left < 0:
        return "délai passé"
    return f"encore {group(left)} jour{plural(left)}" if left else "dernier jour"


def _charged(penalty: Penalty) -> str:
    """Said of a decided penalty whose contract stays under its threshold (CCAG 14.1.3)."""
    if not penalty.decided_amount_excl_tax:
        return ""
    params = penalty.version.commitment.contract.lot.market.rule_set.params
    total = getattr(penalty, "contract_decided_excl_tax", None) or penalty.decided_amount_excl_tax
    charge = exempt(params=params, decided_amounts_excl_tax=[total])
    return NOTHING_CHARGED if charge.exempted else ""
