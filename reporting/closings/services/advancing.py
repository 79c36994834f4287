"""What the clock does of closings: it opens them when a month is over, and moves them on their days."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from procurement.contracts.models import Contract
from procurement.followup.selectors import metropolitan_holidays
from procurement.tender.enums import LotKind
from reporting.closings.enums import ClosingState
from reporting.closings.models import Closing
from reporting.closings.notices import tell_provisional
from reporting.closings.rules import closing_days, month_end
from reporting.closings.selectors import closings_due
from reporting.kpis.rules.periods import last_closed_month, months_between


def open_closings(*, now: datetime) -> int:
    """Open each month that ended since the last one opened, contract by contract; returns how many.

    The first time, the last closed month alone. Safe to repeat, and to run late: what is owed is opened.
    """
    last = last_closed_month(local_day(now)).starts_on
    opened = Closing.objects.aggregate(latest=Max("month"))["latest"] or last
    return sum(_open(month.starts_on, now) for month in months_between(min(opened, last), last))


@transaction.atomic
def _open(month: date, now: datetime) -> int:
    """Its three days are computed here, from the rule set and the holidays of today, and never again."""
    last = month_end(month)
    holidays = metropolitan_holidays(since=last)
    opened = Closing.objects.bulk_create(
        [_opened(contract, month, holidays, now) for contract in _measured(month, last)],
        ignore_conflicts=True,
        unique_fields=["contract", "month", "number"],
    )
    return len(opened)


def _measured(month: date, last: date) -> list[Contract]:
    """The contracts that count people and were in force in the month, without a closing of it."""
    contracts = (
        Contract.objects.exclude(lot__kind=LotKind.TECHNICAL)
        .filter(starts_on__lte=last, ends_on__gte=month)
        .exclude(closings__month=month)
    )
    return list(contracts.select_related("lot__market__rule_set").order_by("pk"))


def _opened(contract: Contract, month: date, holidays: frozenset[date], now: datetime) -> Closing:
    days = closing_days(
        params=contract.lot.market.rule_set.params, last_day=month_end(month), holidays=holidays
    )
    return Closing(
        contract=contract,
        month=month,
        opened_at=now,
        provisional_on=days.provisional_on,
        contest_until=days.contest_until,
        freeze_from=days.freeze_from,
    )


def advance_closings(*, now: datetime) -> int:
    """Move the closings whose day has come, one step each time; returns how many. Safe to run twice.

    Provisional on its day, and the holder is told what may be contested and until when; contests over on
    the day after the last one. Freezing is an act of a person, never of the clock.
    """
    return sum(_advance(closing, now) for closing in closings_due(on=local_day(now)))


@transaction.atomic
def _advance(closing: Closing, now: datetime) -> bool:
    closing = Closing.objects.select_for_update(of=("self",)).get(pk=closing.pk)
    before, today = closing.state, local_day(now)
    if before == ClosingState.COLLECTING and closing.provisional_on <= today:
        closing.state = ClosingState.PROVISIONAL
        tell_provisional(closing=closing, now=now)
    elif before == ClosingState.PROVISIONAL and closing.contest_until < today:
        closing.state = ClosingState.CONTESTED
    if closing.state == before:
        return False
    closing.save(update_fields=["state"])
    record(
        action=f"reporting.closing.{closing.state.lower()}",
        target=closing,
        by=None,
        data={"month": closing.month.isoformat(), "contract": closing.contract_id},
        now=now,
    )
    return True
