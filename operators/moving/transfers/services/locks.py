"""A transfer is moved by one at a time: the person's row first, as everywhere (ADR 0010), then its own."""

from datetime import datetime

from operators.moving.transfers import rules
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.errors import TransferOver
from operators.moving.transfers.models import Transfer


def locked(transfer: Transfer) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",)).select_related(
        "pathway__beneficiary",
        "pathway__adviser__user",
        "pathway__contract__holder",
        "contract__holder",
        "commune__department",
    )
    return rows.get(pk=transfer.pk)


def require(transfer: Transfer, target: TransferState, *, now: datetime) -> None:
    """Raises TransferOver when the transfer cannot become so, or nobody may answer it any more."""
    if not rules.may_become(transfer.state, target):
        raise TransferOver(f"Ce transfert est « {transfer.get_state_display()} » : rouvrez la page.")
    if target not in (TransferState.WITHDRAWN, TransferState.EXPIRED) and now >= transfer.expires_at:
        raise TransferOver("Le délai de ce transfert est passé : préparez-en un autre.")
