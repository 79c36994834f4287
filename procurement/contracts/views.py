from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.common.access import require
from procurement.contracts import rules, selectors
from procurement.contracts.exports import contracts_csv
from procurement.contracts.forms import CoverageForm, DayForm
from procurement.contracts.registry import panels_for
from procurement.tender.models import Market
from procurement.tender.rules import clauses_in_words

PAGE_SIZE = 50


@require(rules.can_read_contracts)
@require_safe
def contract_list(request: HttpRequest) -> HttpResponse:
    """Which contracts do I follow, with whom, until when?"""
    today = timezone.localdate()
    wanted = _wanted(request.GET)
    contracts = selectors.contract_list(user=request.user, on=today, **wanted)
    context = {
        "page": Paginator(contracts, PAGE_SIZE).get_page(request.GET.get("page")),
        "today": today,
        "filters": _filters(request),
        "wanted": wanted,
        "query": request.GET.urlencode(),
    }
    return render(request, "procurement/contracts/contract_list.html", context)


@require(rules.can_read_contracts)
@require_safe
def contract_export(request: HttpRequest) -> HttpResponse:
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
def contract_detail(request: HttpRequest, uuid: str) -> HttpResponse:
    """What binds this holder: lot, regions, dates, rules, and what follows from them?"""
    today = timezone.localdate()
    contract = get_object_or_404(selectors.contract_file(user=request.user), uuid=uuid)
    rule_set = contract.lot.market.rule_set
    context = {
        "contract": contract,
        "status": rules.status_of(starts_on=contract.starts_on, ends_on=contract.ends_on, on=today),
        "rule_set": rule_set,
        "clauses": clauses_in_words(rule_set.params),
        "panels": panels_for(contract=contract, user=request.user, on=today),
    }
    return render(request, "procurement/contracts/contract_detail.html", context)


@require(rules.can_read_contracts)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Who would receive this commune, on this date, and why? Which regions have nobody, or two?"""
    day = DayForm(request.GET)
    on = day.cleaned_data["on"] if day.is_valid() else timezone.localdate()
    asked = "commune_text" in request.GET
    form = CoverageForm(request.GET if asked else None, initial={"on": on})
    rows = selectors.coverage(on=on)
    context = {
        "form": form,
        "on": on,
        "answer": _answer(form) if asked else None,
        "rows": rows,
        "holes": [row.region.name for row in rows if row.is_hole],
        "overlaps": [row.region.name for row in rows if row.is_overlap],
    }
    return render(request, "procurement/contracts/coverage.html", context)


def _answer(form: CoverageForm) -> dict | None:
    if not form.is_valid():
        return None
    commune, on = form.cleaned_data["commune"], form.cleaned_data["on"]
    return {
        "commune": commune,
        "contract": selectors.contract_in_force(commune, on),
        "reasons": selectors.why_received(place=commune, on=on),
    }


def _wanted(query: QueryDict) -> dict[str, str]:
    return {
        "status": query.get("etat", ""),
        "market": query.get("marche", ""),
        "search": query.get("recherche", ""),
        "sort": query.get("tri", selectors.DEFAULT_SORT),
    }


def _filters(request: HttpRequest) -> list[dict]:
    markets = Market.objects.visible_to(request.user).order_by("-number", "pk")
    return [
        _group(request.GET, "etat", "État", rules.STATUSES.items()),
        _group(request.GET, "marche", "Marché", [(str(market.number), market.years) for market in markets]),
    ]


def _group(query: QueryDict, name: str, label: str, choices) -> dict:
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
