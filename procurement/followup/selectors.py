from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Expression, OuterRef, QuerySet, Subquery, Sum

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.common.days import first_of_month, local_day, months_later
from cep_portal.common.wording.numbers import group, plural
from cep_portal.territories.models import PublicHoliday
from procurement.commitments.models import Commitment
from procurement.contracts.hooks import MONTH, WAITING, ReadContract, Tally
from procurement.contracts.models import Contract
from procurement.contracts.selectors import counted
from procurement.followup.enums import PenaltyState
from procurement.followup.models import Penalty
from procurement.followup.rules import Charge, can_observe, can_read_penalties, exempt

# Paris stands for the holidays of metropolitan law: Alsace-Moselle and overseas add theirs.
METROPOLITAN_DEPARTMENT = "75"
PANEL_SIZE = 5
HORIZON = timedelta(days=60)


@dataclass(frozen=True)
class ChargedPenalty:
    penalty: Penalty
    charged_amount_excl_tax: Decimal
    exempted: bool


@dataclass(frozen=True)
class ContractCharges:
    """What the decided penalties of a contract come to; a deduction to make, never a debit made."""

    lines: tuple[ChargedPenalty, ...]
    total: Charge


@dataclass(frozen=True)
class DecisionPreview:
    """What a decision would do, before it is taken: amount, who is told, effect on the contract."""

    outcome: str
    amount_excl_tax: Decimal
    managers: list[User]
    charge: Charge


def penalty_list(*, user: User, state: str = "", contract: str = "") -> QuerySet[Penalty]:
    """The penalties the user may see, with commitment, contract and holder, latest month first.

    Each knows what was decided in all for its contract, `contract_decided_excl_tax`: None when nothing was.
    """
    penalties = _visible(user, contract)
    if state:
        penalties = penalties.filter(state=state)
    known = _with_contract(penalties).select_related("version__commitment__contract__lot__market__rule_set")
    decided = (
        Penalty.objects.filter(
            version__commitment__contract=OuterRef("version__commitment__contract"),
            state__in=PenaltyState.decided,
        )
        .order_by()
        .values("version__commitment__contract")
        .annotate(total=Sum("decided_amount_excl_tax"))
    )
    annotated = known.annotate(contract_decided_excl_tax=Subquery(decided.values("total")))
    return annotated.order_by("-month", "-proposed_at", "-pk")


def penalties_in(*, user: User, state: PenaltyState) -> QuerySet[Penalty]:
    """The penalties of one state that the user may see, the nearest last day first."""
    penalties = Penalty.objects.visible_to(user).filter(state=state)
    return _with_contract(penalties).order_by("observations_due_on", "proposed_at", "pk")


def penalties_to_decide(*, user: User) -> QuerySet[Penalty]:
    """Heard penalties that await a decision, the longest waiting first."""
    penalties = Penalty.objects.visible_to(user).filter(state__in=PenaltyState.to_decide)
    return _with_contract(penalties).order_by("observations_due_on", "pk")


def penalty_file(*, user: User) -> QuerySet[Penalty]:
    """The penalties the user may see, each with all that its page shows."""
    return _with_contract(Penalty.objects.visible_to(user)).select_related(
        "version__commitment__contract__holder",
        "version__commitment__contract__lot__market__rule_set",
        "notified_under__user",
        "observed_under__user",
        "decided_under__user",
        "notice",
        "decision_letter",
    )


def state_counts(*, user: User, contract: str = "") -> dict[str, int]:
    """How many penalties the user may see in each state; one query."""
    rows = _visible(user, contract).values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows.order_by("state")}


def penalties_unanswered(*, before: date) -> QuerySet[Penalty]:
    """Notified penalties whose due date is over."""
    return Penalty.objects.filter(state=PenaltyState.NOTIFIED, observations_due_on__lt=before).order_by("pk")


def failed_in(*, commitment: Commitment, month: date) -> bool:
    """Whether the commitment already failed that month: a penalty stands, neither dropped nor waived."""
    return (
        Penalty.objects.filter(version__commitment=commitment, month=month)
        .exclude(state__in=[PenaltyState.DROPPED, PenaltyState.WAIVED])
        .exists()
    )


def charges(*, contract: Contract) -> ContractCharges:
    """Charged or exempted, for each decided penalty of a contract, in euros outside VAT (INV-24).

    Decided at zero, a penalty is neither. `contract` comes with its lot, market and rule set.
    """
    decided = Penalty.objects.filter(version__commitment__contract=contract, state__in=PenaltyState.decided)
    return charges_of(
        params=contract.lot.market.rule_set.params,
        decided=_with_contract(decided).order_by("decided_at", "pk"),
    )


def charges_of(*, params: dict, decided: Iterable[Penalty]) -> ContractCharges:
    """The same, of penalties already loaded."""
    penalties = list(decided)
    total = exempt(
        params=params,
        decided_amounts_excl_tax=[_decided(penalty) for penalty in penalties],
    )
    lines = tuple(
        ChargedPenalty(
            penalty,
            Decimal("0.00") if total.exempted else _decided(penalty),
            total.exempted and _decided(penalty) > 0,
        )
        for penalty in penalties
    )
    return ContractCharges(lines, total)


def penalty_part(read: ReadContract) -> dict | None:
    """The last penalties of a contract and what they come to, for its page; None for who may not read.

    The holder reads those it was notified of; none is decided before. Two queries.
    """
    contract, user = read.contract, read.user
    is_own = (
        can_observe(user) and user.mandate is not None and user.mandate.organisation_id == contract.holder_id
    )
    if not (is_own or can_read_penalties(user)):
        return None
    penalties = penalty_list(user=user, contract=str(contract.uuid))
    return {
        "penalties": penalties[:PANEL_SIZE],
        "charge": charges(contract=contract).total,
        "page": "procurement:own_penalty" if is_own else "procurement:penalty_detail",
        "is_own": is_own,
    }


def decision_preview(
    *, penalty: Penalty, outcome: str, amount_excl_tax: Decimal, now: datetime
) -> DecisionPreview:
    """What deciding this amount, in euros outside VAT, would do. Two queries."""
    contract = penalty.version.commitment.contract
    return DecisionPreview(
        outcome=outcome,
        amount_excl_tax=amount_excl_tax,
        managers=managers_of(contract=contract, now=now),
        charge=charge_with(contract=contract, amount_excl_tax=amount_excl_tax),
    )


def charge_with(*, contract: Contract, amount_excl_tax: Decimal) -> Charge:
    """What the contract's penalties come to with one more decided at this amount. One query."""
    decided = [_decided(line.penalty) for line in charges(contract=contract).lines]
    return exempt(
        params=contract.lot.market.rule_set.params,
        decided_amounts_excl_tax=[*decided, amount_excl_tax],
    )


def managers_of(*, contract: Contract, now: datetime) -> list[User]:
    """The people who manage for the holder on this day, once each, in order."""
    mandates = (
        Mandate.objects.active(local_day(now))
        .filter(role=Role.OPERATOR_MANAGER, organisation=contract.holder_id)
        .select_related("user")
        .order_by("user__email", "pk")
    )
    return list({mandate.user_id: mandate.user for mandate in mandates}.values())


def metropolitan_holidays(*, since: date) -> frozenset[date]:
    """The legal holidays of metropolitan law in the two months that follow a day."""
    days = PublicHoliday.objects.filter(
        department=METROPOLITAN_DEPARTMENT, is_legal=True, day__range=(since, since + HORIZON)
    )
    return frozenset(days.values_list("day", flat=True))


def _visible(user: User, contract: str) -> QuerySet[Penalty]:
    penalties = Penalty.objects.visible_to(user)
    if contract:
        penalties = penalties.filter(version__commitment__contract__uuid=contract)
    return penalties


def _with_contract(penalties: QuerySet[Penalty]) -> QuerySet[Penalty]:
    return penalties.select_related(
        "version__commitment__contract__holder", "version__commitment__contract__lot"
    )


def _decided(penalty: Penalty) -> Decimal:
    return penalty.decided_amount_excl_tax or Decimal("0.00")


def _missed(on: date) -> Expression:
    last = months_later(first_of_month(on), -1)
    rows = Penalty.objects.filter(month=last).exclude(state=PenaltyState.DROPPED)
    return counted(rows, "version__commitment__contract", distinct="version__commitment")


def _in_state(*states: str) -> Callable[[date], Expression]:
    return lambda _on: counted(Penalty.objects.filter(state__in=states), "version__commitment__contract")


def _tally(name: str, column: str, count: Callable[[date], Expression], words: str) -> Tally:
    """`words` takes the number, then the ending of its plural."""
    return Tally(name, column, count, lambda n: words.format(group(n), plural(n)), can_read_penalties)


PENALTY_TALLIES = (
    _tally("missed_count", MONTH, _missed, "{0} manqué{1}"),
    _tally("to_notify_count", WAITING, _in_state(PenaltyState.PROPOSED), "{0} pénalité{1} à notifier"),
    _tally("heard_count", WAITING, _in_state(PenaltyState.NOTIFIED), "{0} en attente du titulaire"),
    _tally("to_decide_count", WAITING, _in_state(*PenaltyState.to_decide), "{0} à décider"),
)
