"""The contracts of a list as rows, and one contract at a time chosen by the address: « ?lot=<uuid> »."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest

from cep_portal.common.wording.dates import dated_day
from cep_portal.common.wording.numbers import group, plural
from procurement.contracts.hooks import MONTH, TALLIES, WAITING
from procurement.contracts.models import Contract
from procurement.contracts.rules import STATUS_TONES, status_of


@dataclass(frozen=True)
class ContractRow:
    """A contract of the list: where it stands, how long it still runs, its month, what waits.

    `regions` is empty when the title of the lot names its only region already.
    """

    contract: Contract
    status: str
    tone: str
    end: str
    regions: str
    month: str
    waiting: str


def contract_rows(contracts: Iterable[Contract], *, on: date) -> list[ContractRow]:
    """From selectors.contract_list, whose tallies each contract carries when the reader may read them."""
    return [_row(contract, on) for contract in contracts]


def _row(contract: Contract, on: date) -> ContractRow:
    status = status_of(starts_on=contract.starts_on, ends_on=contract.ends_on, on=on)
    return ContractRow(
        contract=contract,
        status=status,
        tone=STATUS_TONES[status],
        end=_end(contract, on),
        regions=_regions(contract),
        month=_said(contract, MONTH),
        waiting=_said(contract, WAITING),
    )


def _regions(contract: Contract) -> str:
    names = [region.name for region in contract.lot.regions.all()]
    return "" if names == [contract.lot.title] else ", ".join(names)


def _end(contract: Contract, on: date) -> str:
    """« 31 déc. 2027, encore 395 jours »; « commence le … » before it does; the bare day once it ended."""
    if on > contract.ends_on:
        return dated_day(contract.ends_on)
    if on < contract.starts_on:
        wait = (contract.starts_on - on).days
        return f"commence le {dated_day(contract.starts_on)}, dans {group(wait)} jour{plural(wait)}"
    left = (contract.ends_on - on).days
    days = f"encore {group(left)} jour{plural(left)}" if left else "dernier jour"
    return f"{dated_day(contract.ends_on)}, {days}"


def _said(contract: Contract, column: str) -> str:
    counts = [(tally, getattr(contract, tally.name, 0)) for tally in TALLIES if tally.column == column]
    return ", ".join(tally.words(count) for tally, count in counts if count)


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
