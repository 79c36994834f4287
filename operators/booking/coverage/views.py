from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beneficiaries.triage.rules import orientation_for
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.wording.dates import dated_day
from operators.booking.coverage import rules, selectors
from operators.booking.coverage.forms import CoverageForm, DayForm
from procurement.contracts.models import Contract
from procurement.contracts.rules import can_read_contracts
from procurement.contracts.selectors import RegionCoverage, contract_in_force, why_received
from procurement.contracts.selectors import coverage as coverage_of


@require(rules.can_read_coverage)
@require_safe
def coverage(request: SignedRequest) -> HttpResponse:
    """Who would receive this commune, on this date, where and why? Where does nobody, or two?"""
    day = DayForm(request.GET)
    on = day.cleaned_data["on"] if day.is_valid() else timezone.localdate()
    asked = "commune_text" in request.GET
    query = request.GET.copy()
    if not query.get("on"):
        query["on"] = on.isoformat()
    form = CoverageForm(query if asked else None, initial={"on": on})
    rows = coverage_of(on=on)
    context = {
        "form": form,
        "on": on,
        "answer": _answer(form) if asked else None,
        "reads_contracts": can_read_contracts(request.user),
        "closed_sites": selectors.sites_without_opening(user=request.user, on=on),
        "gaps": selectors.gaps(user=request.user, rows=rows, on=on),
        **_regions(rows),
    }
    return render(request, "operators/booking/coverage/coverage.html", context)


def _regions(rows: list[RegionCoverage]) -> dict:
    return {
        "rows": rows,
        "holes": [row.region.name for row in rows if row.is_hole],
        "overlaps": [row.region.name for row in rows if row.is_overlap],
    }


def _answer(form: CoverageForm) -> dict | None:
    if not form.is_valid():
        return None
    commune, on = form.cleaned_data["commune"], form.cleaned_data["on"]
    contract = contract_in_force(commune, on)
    situation = form.cleaned_data["situation"]
    return {
        "commune": commune,
        "contract": contract,
        "rows": _contract_rows(contract, commune) if contract else [],
        "orientation": orientation_for(situation) if situation else None,
        "reasons": why_received(place=commune, on=on),
        "sites": selectors.sites_offered(contract=contract, near=commune, on=on) if contract else [],
    }


def _contract_rows(contract: Contract, commune: Any) -> list[dict]:
    rows = [
        ("Titulaire", contract.holder.name),
        ("Groupement", contract.consortium_name),
        ("Lot", f"{contract.lot}, qui couvre la région {commune.department.region.name}"),
        ("Contrat", f"du {dated_day(contract.starts_on)} au {dated_day(contract.ends_on)}"),
        ("Règles", contract.lot.market.rule_set.title),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]
