from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from procurement.tender import rules, selectors


@require(rules.can_read_markets)
@require_safe
def market_list(request: SignedRequest) -> HttpResponse:
    """Which lots does each market have, what became of them, who holds them?"""
    markets = selectors.market_list(user=request.user, today=timezone.localdate())
    return render(request, "procurement/tender/market_list.html", {"markets": markets})


@require(rules.can_read_markets)
@require_safe
def lot_detail(request: SignedRequest, uuid: str) -> HttpResponse:
    """What does this lot cover, what became of it, who has held it?"""
    lot = get_object_or_404(selectors.lot_list(user=request.user), uuid=uuid)
    contracts = sorted(lot.contracts.all(), key=lambda contract: contract.starts_on, reverse=True)
    return render(request, "procurement/tender/lot_detail.html", {"lot": lot, "contracts": contracts})
