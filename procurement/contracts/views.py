from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import first_of_month, months_later
from procurement.contracts import rules, selectors
from procurement.contracts.exports import contracts_csv
from procurement.contracts.hooks import parts_for
from procurement.contracts.presenters import contract_rows
from procurement.tender.models import Market
from procurement.tender.rules import clauses_in_words

PAGE_SIZE = 50


@require(rules.can_read_contracts)
@require_safe
def contract_list(request: SignedRequest) -> HttpResponse:
    """Which contracts do I follow, with whom, until when?"""
    today = timezone.localdate()
    wanted = _wanted(request.GET)
    contracts = selectors.contract_list(user=request.user, on=today, **wanted)
    page = Paginator(contracts, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": contract_rows(page, on=today),
        "month": months_later(first_of_month(today), -1),
        "today": today,
        "filters": _filters(request),
        "wanted": wanted,
        "query": request.GET.urlencode(),
    }
    return render(request, "procurement/contracts/contract_list.html", context)


@require(rules.can_read_contracts)
@require_safe
def contract_export(request: SignedRequest) -> HttpResponse:
    """The same list, with the same filters, as a table to download."""
    today = timezone.localdate()
    contracts = selectors.contract_list(user=request.user, on=today, **_wanted(request.GET))
    return HttpResponse(
        contracts_csv(contracts, on=today),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="contrats.csv"'},
    )


@require(rules.can_read_contracts)
@require_safe
def contract_detail(request: SignedRequest, uuid: str) -> HttpResponse:
    """What binds this holder: lot, regions, dates, rules, and what follows from them?"""
    today = timezone.localdate()
    contract = get_object_or_404(selectors.contract_file(user=request.user), uuid=uuid)
    rule_set = contract.lot.market.rule_set
    context = {
        "contract": contract,
        "status": rules.status_of(starts_on=contract.starts_on, ends_on=contract.ends_on, on=today),
        "rule_set": rule_set,
        "clauses": clauses_in_words(rule_set.params),
        "panels": parts_for(contract=contract, user=request.user, on=today),
    }
    return render(request, "procurement/contracts/contract_detail.html", context)


def _wanted(query: QueryDict) -> dict[str, str]:
    return {
        "status": query.get("etat", ""),
        "market": query.get("marche", ""),
        "search": query.get("recherche", ""),
        "sort": query.get("tri", selectors.DEFAULT_SORT),
    }


def _filters(request: SignedRequest) -> list[dict]:
    markets = Market.objects.visible_to(request.user).order_by("-number", "pk")
    return [
        _group(request.GET, "etat", "État", rules.STATUSES.items()),
        _group(request.GET, "marche", "Marché", [(str(market.number), market.years) for market in markets]),
    ]


def _group(query: QueryDict, name: str, label: str, choices: Any) -> dict:
    chosen = query.get(name, "")
    items = [
        {"label": text, "url": _with(query, name, value), "current": value == chosen}
        for value, text in [("", "Tous"), *choices]
    ]
    return {"label": label, "items": items}


def _with(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    changed.pop("page", None)
    changed[name] = value
    return f"?{changed.urlencode()}"
