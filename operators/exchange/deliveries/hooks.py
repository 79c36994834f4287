"""What upper subjects learn from deliveries: files that are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from operators.exchange.deliveries.models import DataDelivery


@dataclass(frozen=True)
class Finished:
    """A delivery read to its end, well or badly, in the transaction that ends the reading."""

    delivery: DataDelivery
    now: datetime


FOLLOWERS = Hook[Callable[[Finished], None]]("what follows a delivery")


def tell_finished(*, delivery: DataDelivery, now: datetime) -> None:
    for follow in FOLLOWERS:
        follow(Finished(delivery, now))
