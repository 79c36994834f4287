from collections.abc import Iterable
from typing import Any

from cep_portal.common.spreadsheets import spreadsheet
from procurement.followup.models import Penalty

HEADER = (
    "Contrat",
    "Titulaire",
    "Engagement",
    "Mois",
    "Constaté",
    "Cible",
    "Montant calculé (€)",
    "État",
    "Observations attendues jusqu’au",
    "Montant décidé (€)",
)


def penalties_csv(penalties: Iterable[Penalty]) -> str:
    """A table that a French spreadsheet opens as it is; no cell can be read as a formula."""
    return spreadsheet(HEADER, (_row(penalty) for penalty in penalties))


def _row(penalty: Penalty) -> list[str]:
    version = penalty.version
    contract = version.commitment.contract
    return [
        str(contract.lot),
        contract.holder.name,
        str(version.commitment),
        f"{penalty.month:%Y-%m}",
        _figure(penalty.measured),
        _figure(version.target),
        _figure(penalty.computed_amount_excl_tax),
        penalty.get_state_display(),
        penalty.observations_due_on.isoformat() if penalty.observations_due_on else "",
        _figure(penalty.decided_amount_excl_tax),
    ]


def _figure(value: Any) -> str:
    return "" if value is None else str(value).replace(".", ",")
