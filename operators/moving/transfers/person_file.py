"""A transfer under way ends with the file: frozen or erased, nothing goes anywhere."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.moving.transfers.enums import TransferState, WithdrawnBy
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services import withdraw_transfer


def withdraw_open(*, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool) -> None:  # noqa: ARG001 -- a release
    running = Transfer.objects.filter(pathway__beneficiary=beneficiary, state__in=TransferState.open)
    for transfer in running.select_related("pathway__beneficiary").order_by("pk"):
        withdraw_transfer(transfer=transfer, who=WithdrawnBy.FILE, by=by, now=now)
