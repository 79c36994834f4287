from operators.moving.transfers.services.ending import expire_transfers, withdraw_transfer
from operators.moving.transfers.services.giving import consent_to_transfer, prepare_transfer, send_transfer
from operators.moving.transfers.services.proving import prove_person, send_proof
from operators.moving.transfers.services.receiving import receive_transfer, refuse_transfer

__all__ = [
    "consent_to_transfer",
    "expire_transfers",
    "prepare_transfer",
    "prove_person",
    "receive_transfer",
    "refuse_transfer",
    "send_proof",
    "send_transfer",
    "withdraw_transfer",
]
