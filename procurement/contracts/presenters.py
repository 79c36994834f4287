"""One contract of the operator at a time, chosen by the address: « ?lot=<uuid> »."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest

from procurement.contracts.models import Contract


def asked_contract(request: HttpRequest, contracts: Sequence[Contract], *, on: date) -> Contract:
    """?lot=<uuid>; the contract in force without it, the first when none is. Another value is a 404."""
    if "lot" in request.GET:
        asked = [contract for contract in contracts if str(contract.uuid) == request.GET["lot"]]
        if not asked:
            raise Http404("lot inconnu")
        return asked[0]
    in_force = [contract for contract in contracts if contract.starts_on <= on <= contract.ends_on]
    return (in_force or contracts)[0]


def contract_tabs(request: HttpRequest, contracts: Sequence[Contract], chosen: Contract) -> list[dict]:
    """A tab for each contract, the rest of the address kept; none when there is nothing to choose."""
    if len(contracts) < 2:
        return []
    return [
        {
            "label": f"Lot {contract.lot.number} ({contract.starts_on.year}-{contract.ends_on.year})",
            "url": _with_lot(request, contract),
            "current": contract == chosen,
        }
        for contract in contracts
    ]


def _with_lot(request: HttpRequest, contract: Contract) -> str:
    query = request.GET.copy()
    query["lot"] = str(contract.uuid)
    return f"?{query.urlencode()}"
