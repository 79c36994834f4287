from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from cep_portal.accounts.models import User
from cep_portal.territories.selectors import region_list
from procurement.tender.models import Lot, Market
from procurement.tender.rules import reference_day


def market_list(*, user: User, today: date) -> list[Market]:
    """The markets, newest first, each lot with its regions and `holder_contract` (None when nobody holds it).

    The holder is that of today, or of the last (first) day of a market that is over (to come).
    """
    markets = Market.objects.visible_to(user).select_related("rule_set").order_by("-number", "pk")
    lots = _with_regions(Lot.objects.visible_to(user)).prefetch_related("contracts__holder")
    found = list(markets.prefetch_related(Prefetch("lots", lots.order_by("number", "pk"))))
    for market in found:
        market.shown_on = reference_day(starts_on=market.starts_on, ends_on=market.ends_on, today=today)  # type: ignore[attr-defined]  # annotated by the query
        for lot in market.lots.all():
            lot.holder_contract = _in_force(lot, market.shown_on)  # type: ignore[attr-defined]  # annotated by the query
    return found


def lot_list(*, user: User) -> QuerySet[Lot]:
    """Lots with their market, regions and contracts: what the page of one lot shows."""
    lots = Lot.objects.visible_to(user).select_related("market__rule_set")
    return _with_regions(lots).prefetch_related("contracts__holder")


def _with_regions(lots: QuerySet[Lot]) -> QuerySet[Lot]:
    return lots.prefetch_related(Prefetch("regions", region_list()))


def _in_force(lot: Lot, on: date) -> Any:
    return next(
        (contract for contract in lot.contracts.all() if contract.starts_on <= on <= contract.ends_on), None
    )
