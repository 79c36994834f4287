"""A transfer under way ends with the file: frozen or erased, nothing goes anywhere."""

from beneficiaries.rights.hooks import FileEnd
from operators.moving.transfers.enums import TransferState, WithdrawnBy
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services import withdraw_transfer


def withdraw_open(file_end: FileEnd) -> None:
    running = Transfer.objects.filter(pathway__beneficiary=file_end.beneficiary, state__in=TransferState.open)
    for transfer in running.select_related("pathway__beneficiary").order_by("pk"):
        withdraw_transfer(transfer=transfer, who=WithdrawnBy.FILE, by=file_end.by, now=file_end.now)
