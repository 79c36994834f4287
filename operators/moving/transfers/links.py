"""The signed link of a transfer: with a code, the person answers without an account."""

from cep_portal.common.links import SignedUuids, portal_link
from operators.moving.transfers.models import Transfer

_uuids = SignedUuids("operators.transfers.transfer")
sign, unsign = _uuids.sign, _uuids.unsign


def answer_link(transfer: Transfer) -> str:
    return portal_link("operators:transfer_link", sign(transfer.uuid))
