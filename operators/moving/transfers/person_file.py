"""A transfer under way ends with the file: frozen or erased, nothing goes anywhere."""

from beneficiaries.rights.hooks import Release
from operators.moving.transfers.enums import TransferState, WithdrawnBy
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services import withdraw_transfer


def withdraw_open(release: Release) -> None:
    running = Transfer.objects.filter(pathway__beneficiary=release.beneficiary, state__in=TransferState.open)
    for transfer in running.select_related("pathway__beneficiary").order_by("pk"):
        withdraw_transfer(transfer=transfer, who=WithdrawnBy.FILE, by=release.by, now=release.now)
