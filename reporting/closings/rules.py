"""The clock of a closing, what it freezes, and how figures are written to be hashed."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import months_later
from procurement.followup.rules.delays import due_days
from reporting.closings.enums import ValueStatus
from reporting.kpis.rules import make_cell, restatement_is_material
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition
from reporting.kpis.rules.periods import month_of
from reporting.kpis.rules.ripeness import ripe_on

# Days after the last day of the month, when the rule set of the market is silent (figures.md §2.6).
DEFAULT_CLAUSE = {"provisional_days": 20, "contest_days": 25, "freeze_days": 30}
SHORTEST_MONTH = 28


@dataclass(frozen=True)
class ClosingDays:
    """The three days of a closing: figures become contestable, contests end, the month may be frozen."""

    provisional_on: date
    contest_until: date
    freeze_from: date


def can_read_closings(user: User) -> bool:
    """Exact figures: for who analyses, manages and decides the contract (figures.md §0 point 6)."""
    return user.role in (Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER)


def can_read_own_closings(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_dispute(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_answer(user: User) -> bool:
    return user.role == Role.CONTRACT_MANAGER


def can_freeze(user: User) -> bool:
    return user.role == Role.ANALYST


def can_propose_neutral(user: User) -> bool:
    return user.role == Role.CONTRACT_MANAGER


def can_open_evidence(user: User) -> bool:
    """The lines of facts, under pseudonyms, by an act with a reason (figures.md §2.6)."""
    return user.role in (Role.ANALYST, Role.CONTRACT_MANAGER)


def can_decide(user: User) -> bool:
    return user.role == Role.DECIDER


def closing_days(*, params: dict, last_day: date, holidays: Collection[date]) -> ClosingDays:
    """The clock of a month whose last day is given, each day rolled to a working one (CCAG-FCS 3.2).

    `params` are those of the market's rule set: its clause « closing », in days after the month's last day.
    """
    clause = params.get("closing") or DEFAULT_CLAUSE
    provisional, contest, freeze = (
        due_days(last_day, clause[name], holidays)
        for name in ("provisional_days", "contest_days", "freeze_days")
    )
    return ClosingDays(provisional, contest, freeze)


def reopened_days(*, today: date, holidays: Collection[date]) -> ClosingDays:
    """The clock of a month that a decision reopens: five days to contest, five more to answer."""
    return ClosingDays(today, due_days(today, 5, holidays), due_days(today, 10, holidays))


def cohort_month(*, month: date, lag_days: int) -> date:
    """The month whose figure a closing freezes for an indicator of this lag, in days.

    The closed month itself when its figure is ripe thirty days after; else as many months before as make
    every month ripe, whatever their lengths: each month is frozen by one closing, none is skipped. It depends
    on nothing else: a rule set with shorter delays waits for what is not ripe (unripe_until).
    """
    missing = lag_days - DEFAULT_CLAUSE["freeze_days"]
    back = -(-missing // SHORTEST_MONTH) if missing > 0 else 0
    return months_later(month, -back)


def unripe_until(*, month: date) -> date:
    """The first day on which every figure of a closing is ripe."""
    return max(
        ripe_on(definition, month_of(cohort_month(month=month, lag_days=definition.lag_days)))
        for definition in DEFINITIONS.values()
    )


def month_end(month: date) -> date:
    return months_later(month, 1) - timedelta(days=1)


@dataclass(frozen=True)
class Judged:
    """A figure as it is frozen: the value that every page prints, and whether it may decide anything."""

    value: Decimal | None
    status: ValueStatus


def judged(definition: KpiDefinition, numerator: int, denominator: int | None) -> Judged:
    """The value of counts already summed, and whether it may decide anything (INV-17)."""
    cell = make_cell(definition, numerator, denominator)
    if cell.value is None:
        return Judged(None, ValueStatus.NOT_APPLICABLE)
    return Judged(cell.value, ValueStatus.NOT_SIGNIFICANT if cell.fragile else ValueStatus.OK)


def is_material(frozen: Decimal | None, fresh: Decimal | None) -> bool:
    """Half a unit or more, or a figure that appears or vanishes, asks for a decision (T-32)."""
    if frozen is None or fresh is None:
        return frozen is not fresh
    return restatement_is_material(frozen, fresh)


def sha256_of(lines: Iterable[str]) -> str:
    """The hash of lines of text, each ended by a line feed, in UTF-8."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def figure_line(
    *,
    kpi: str,
    version: int,
    month: date,
    numerator: int,
    denominator: int | None,
    excluded: dict[str, int],
    value: Decimal | None,
) -> str:
    """One figure as it is hashed: whole numbers and a fixed-point text, never a float."""
    left_out = ",".join(f"{reason}={count}" for reason, count in sorted(excluded.items()))
    parts = (
        kpi,
        str(version),
        f"{month:%Y-%m}",
        str(numerator),
        "" if denominator is None else str(denominator),
        left_out,
        "" if value is None else f"{value:f}",
    )
    return "|".join(parts)
