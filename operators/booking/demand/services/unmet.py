from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.services import record
from operators.booking.demand.enums import DemandWay, WishedHours
from operators.booking.demand.models import UnmetDemand
from operators.network.enums import Mode
from operators.network.models import Site


@dataclass(frozen=True)
class Wish:
    """What would suit a person who found no slot; `site` None: any place."""

    level: str
    modes: Collection[str]
    hours: Collection[str]
    site: Site | None
    anywhere: bool = False
    from_on: date | None = None


@transaction.atomic
def record_unmet(
    *,
    service_request: ServiceRequest,
    level: str,
    modes: Collection[str],
    hours: Collection[str],
    now: datetime,
    way: str = DemandWay.TOLD,
) -> UnmetDemand:
    """Write that somebody found no slot that suits, where and what for: a fact without a person."""
    fact = UnmetDemand.objects.create(
        recorded_at=now,
        contract=service_request.contract,
        commune=service_request.commune,
        level=level,
        modes=in_order(modes, Mode),
        hours=in_order(hours, WishedHours),
        way=way,
    )
    record(action="operators.demand.unmet", target=fact, by=None, data={"way": way}, now=now)
    return fact


def in_order(chosen: Collection[str], of: Any) -> list[str]:
    return [value for value in of.values if value in chosen]
