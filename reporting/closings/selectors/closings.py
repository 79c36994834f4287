from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from cep_portal.accounts.models import User
from cep_portal.common.days import first_of_month, months_later
from procurement.contracts.models import Contract
from reporting.closings.enums import ClosingState, RestatementDecision
from reporting.closings.models import (
    Closing,
    DataDispute,
    Neutralisation,
    Reopening,
    Restatement,
)
from reporting.kpis.rules.periods import Period, last_closed_month, month_of

SHOWN_MONTHS = 6


@dataclass(frozen=True)
class TableRow:
    """A contract, and the latest closing of each month shown; None where none was opened."""

    contract: Contract
    closings: tuple[Closing | None, ...]


@dataclass(frozen=True)
class ClosingTable:
    months: tuple[Period, ...]
    rows: tuple[TableRow, ...]


def closings_due(*, on: date) -> QuerySet[Closing]:
    """The closings that the clock moves on a day, oldest first."""
    due = Q(state=ClosingState.COLLECTING, provisional_on__lte=on) | Q(
        state=ClosingState.PROVISIONAL, contest_until__lt=on
    )
    return Closing.objects.filter(due).select_related("contract").order_by("month", "pk")


def latest_closings(user: User | None = None) -> QuerySet[Closing]:
    """The last version of each month of each contract; those the user may see when one is given."""
    closings = Closing.objects.visible_to(user) if user else Closing.objects.all()
    return closings.filter(superseded_by__isnull=True)


def closing_table(*, user: User, on: date) -> ClosingTable:
    """Months by contracts: where each closing stands. One query."""
    last = last_closed_month(on).starts_on
    months = tuple(month_of(months_later(last, -back)) for back in reversed(range(SHOWN_MONTHS)))
    closings = (
        latest_closings(user)
        .filter(month__gte=months[0].starts_on)
        .annotate(waiting=Count("disputes", filter=Q(disputes__outcome="")))
        .select_related("contract__lot__market", "contract__holder")
        .order_by("-contract__lot__market__number", "contract__lot__number", "contract__pk")
    )
    by_contract: dict[Contract, dict[date, Closing]] = {}
    for closing in closings:
        by_contract.setdefault(closing.contract, {})[closing.month] = closing
    rows = tuple(
        TableRow(contract, tuple(known.get(month.starts_on) for month in months))
        for contract, known in by_contract.items()
    )
    return ClosingTable(months, rows)


def own_closings(*, user: User) -> QuerySet[Closing]:
    """The months of the operator's contracts, latest first."""
    return (
        latest_closings(user)
        .select_related("contract__lot")
        .annotate(waiting=Count("disputes", filter=Q(disputes__outcome="")))
        .order_by("-month", "contract__lot__number", "pk")
    )


def closing_file(*, user: User) -> QuerySet[Closing]:
    """The closings that the user may open, each with all that its page says of its contract."""
    return Closing.objects.visible_to(user).select_related(
        "contract__holder",
        "contract__lot__market__rule_set",
        "frozen_under__user",
        "evidence",
        "supersedes",
        "superseded_by",
    )


def previous_frozen(closing: Closing) -> Closing | None:
    """The frozen closing of the same contract whose hash the next one carries: the last that was frozen."""
    return (
        Closing.objects.filter(contract=closing.contract_id, state=ClosingState.FROZEN)
        .order_by("-frozen_at", "-pk")
        .first()
    )


def frozen_months_between(*, contract: Contract, first_day: date, last_day: date) -> list[date]:
    """The months of a contract that are frozen now and share a day with a period, both days included."""
    return list(
        latest_closings()
        .filter(
            contract=contract,
            state=ClosingState.FROZEN,
            month__gte=first_of_month(first_day),
            month__lte=last_day,
        )
        .order_by("month")
        .values_list("month", flat=True)
    )


def first_open_days(contract_ids: Sequence[int]) -> dict[int, date]:
    """By key of a contract, the first day whose facts may still change; absent before its first freeze.

    A reopened month opens again all that follows: those frozen after it keep their figures, and are revised.
    """
    closings = Closing.objects.filter(contract__in=contract_ids)
    frozen = (
        closings.filter(state=ClosingState.FROZEN)
        .order_by()
        .values("contract")
        .annotate(last=Max("month"))
        .values_list("contract", "last")
    )
    days = {contract_id: months_later(last, 1) for contract_id, last in frozen}
    reopened = closings.filter(supersedes__isnull=False).exclude(state=ClosingState.FROZEN)
    for contract_id, month in reopened.values_list("contract", "month"):
        days[contract_id] = min(days[contract_id], month)
    return days


def waiting_disputes(*, user: User) -> QuerySet[DataDispute]:
    """The disputes without an answer, those of the month to freeze first."""
    waiting = DataDispute.objects.visible_to(user).filter(outcome="")
    return waiting.select_related("closing__contract__holder", "closing__contract__lot").order_by(
        "closing__freeze_from", "raised_at", "pk"
    )


def waiting_freezes(*, user: User, on: date) -> QuerySet[Closing]:
    """The months whose day to be frozen has come, longest waiting first."""
    return (
        Closing.objects.visible_to(user)
        .filter(state=ClosingState.CONTESTED, freeze_from__lte=on)
        .select_related("contract__holder", "contract__lot")
        .order_by("freeze_from", "contract__lot__number", "pk")
    )


def waiting_neutralisations(*, user: User) -> QuerySet[Neutralisation]:
    """The neutralisations without a decision, oldest first; `closing_uuid` is the page of their month."""
    closing = latest_closings().filter(contract=OuterRef("contract"), month=OuterRef("month"))
    return (
        Neutralisation.objects.visible_to(user)
        .filter(outcome="")
        .annotate(month=TruncMonth("first_day"))
        .annotate(closing_uuid=Subquery(closing.values("uuid")[:1]))
        .select_related("contract__holder", "contract__lot")
        .order_by("proposed_at", "pk")
    )


def waiting_reopenings(*, user: User) -> QuerySet[Reopening]:
    return (
        Reopening.objects.visible_to(user)
        .filter(outcome="")
        .select_related("closing__contract__holder", "closing__contract__lot")
        .order_by("asked_at", "pk")
    )


def restatements_to_reopen() -> QuerySet[Restatement]:
    """The revisions for which a decider wants the month reopened, until somebody has asked for it."""
    return (
        Restatement.objects.filter(decision=RestatementDecision.REOPEN)
        .filter(frozen__closing__superseded_by__isnull=True, frozen__closing__reopenings__isnull=True)
        .select_related("frozen__closing__contract__holder", "frozen__closing__contract__lot")
        .order_by("decided_at", "pk")
    )


def waiting_restatements() -> QuerySet[Restatement]:
    """The material revisions that nobody has decided, oldest quarter first."""
    return (
        Restatement.objects.filter(is_material=True, decision="")
        .select_related("frozen__closing__contract__holder", "frozen__closing__contract__lot")
        .order_by("quarter", F("frozen__month"), "pk")
    )
