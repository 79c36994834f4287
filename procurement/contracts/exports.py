from collections.abc import Iterable
from datetime import date

from cep_portal.common.spreadsheets import spreadsheet
from procurement.contracts.models import Contract
from procurement.contracts.rules import status_of

HEADER = (
    "Marché",
    "Lot",
    "Intitulé",
    "Régions",
    "Titulaire",
    "Groupement",
    "Début",
    "Fin",
    "État",
    "Démonstration",
)


def contracts_csv(contracts: Iterable[Contract], *, on: date) -> str:
    """A table that a French spreadsheet opens as it is; no cell can be read as a formula."""
    return spreadsheet(HEADER, (_row(contract, on) for contract in contracts))


def _row(contract: Contract, on: date) -> list[str]:
    lot = contract.lot
    return [
        lot.market.name,
        str(lot.number),
        lot.title,
        ", ".join(region.name for region in lot.regions.all()),
        contract.holder.name,
        contract.consortium_name,
        contract.starts_on.isoformat(),
        contract.ends_on.isoformat(),
        status_of(starts_on=contract.starts_on, ends_on=contract.ends_on, on=on),
        "oui" if contract.is_demonstration else "non",
    ]
