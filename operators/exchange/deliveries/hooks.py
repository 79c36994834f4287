"""What upper subjects tell deliveries, and learn from them: months that are frozen, files that are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from operators.exchange.deliveries.models import DataDelivery


@dataclass(frozen=True)
class Finished:
    """A delivery read to its end, well or badly, in the transaction that ends the reading."""

    delivery: DataDelivery
    now: datetime


# Keys of contracts to the first day that may still change: a fact of an earlier day is never changed by a
# delivery; a new one is taken, with the day it was learnt.
FREEZES = Hook[Callable[[Sequence[int]], dict[int, date]]]("days that may still change")
FOLLOWERS = Hook[Callable[[Finished], None]]("what follows a delivery")


def first_open_days(*, contract_ids: Sequence[int]) -> dict[int, date]:
    """The strictest of every freeze; a contract without one may change."""
    days: dict[int, date] = {}
    for freeze in FREEZES:
        for contract_id, day in freeze(contract_ids).items():
            days[contract_id] = max(day, days.get(contract_id, day))
    return days


def tell_finished(*, delivery: DataDelivery, now: datetime) -> None:
    for follow in FOLLOWERS:
        follow(Finished(delivery, now))
