"""What ends without a reception: the consent taken back, the adviser's change of mind, the delay."""

from datetime import datetime

from django.db import transaction

from beneficiaries.request.services.guard import lock_file
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.moving.transfers import notices
from operators.moving.transfers.enums import TransferState, WithdrawnBy
from operators.moving.transfers.errors import TransferOver
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services.locks import locked, require


@transaction.atomic
def withdraw_transfer(*, transfer: Transfer, who: str, by: User | None, now: datetime) -> Transfer:
    """Stop a transfer until it is received: by the person, the adviser, or the freezing of the file.

    `who` is a WithdrawnBy. Nothing has left yet. Raises TransferOver when it was answered meanwhile.
    """
    lock_file(transfer.pathway.beneficiary)
    transfer = locked(transfer)
    require(transfer, TransferState.WITHDRAWN, now=now)
    transfer.state, transfer.ended_at = TransferState.WITHDRAWN, now
    transfer.withdrawn_by = WithdrawnBy(who)
    transfer.save(update_fields=["state", "ended_at", "withdrawn_by"])
    record(action="operators.transfer.withdrawn", target=transfer, by=by, data={"who": str(who)}, now=now)
    if who == WithdrawnBy.ADVISER:
        notices.tell_ended(transfer, now=now)
    return transfer


def expire_transfers(*, now: datetime) -> int:
    """End the transfers whose delay is over; returns how many. Safe to run twice."""
    due = Transfer.objects.filter(state__in=TransferState.open, expires_at__lte=now)
    count = 0
    for transfer in due.select_related("pathway__beneficiary").order_by("pk"):
        try:
            _expire(transfer, now=now)
        except TransferOver:
            continue
        count += 1
    return count


@transaction.atomic
def _expire(transfer: Transfer, *, now: datetime) -> None:
    lock_file(transfer.pathway.beneficiary)
    transfer = locked(transfer)
    require(transfer, TransferState.EXPIRED, now=now)
    transfer.state, transfer.ended_at = TransferState.EXPIRED, now
    transfer.save(update_fields=["state", "ended_at"])
    record(action="operators.transfer.expired", target=transfer, by=None, now=now)
    if transfer.consented_at is not None:
        notices.tell_ended(transfer, now=now)
