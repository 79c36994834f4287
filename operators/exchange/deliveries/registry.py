"""What upper subjects tell deliveries, and learn from them: months that are frozen, files that are read."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from operators.exchange.deliveries.models import DataDelivery

_freezes: list[Callable] = []
_followers: list[Callable] = []


def register_freeze(function: Callable) -> None:
    """Add `function(*, contract_ids) -> dict[int, date]`: the first day that may still change, by contract.

    A fact of an earlier day is never changed by a delivery; a new one is taken, with the day it was learnt.
    """
    if function in _freezes:
        raise ValueError(f"registered twice: {function.__qualname__}")
    _freezes.append(function)


def first_open_days(*, contract_ids: Sequence[int]) -> dict[int, date]:
    """The strictest of every freeze; a contract without one may change."""
    days: dict[int, date] = {}
    for function in _freezes:
        for contract_id, day in function(contract_ids=contract_ids).items():
            days[contract_id] = max(day, days.get(contract_id, day))
    return days


def register_follower(function: Callable) -> None:
    """Call `function(*, delivery, now)` in the transaction that ends a reading, well or badly."""
    if function in _followers:
        raise ValueError(f"registered twice: {function.__qualname__}")
    _followers.append(function)


def tell_finished(*, delivery: DataDelivery, now: datetime) -> None:
    for function in _followers:
        function(delivery=delivery, now=now)
