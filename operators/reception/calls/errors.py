from cep_portal.common.errors import DomainError
from procurement.contracts.models import Contract


class ReceivedElsewhere(DomainError):
    """Another operator receives this commune: `contract` tells whom to name."""

    code = "received_elsewhere"

    def __init__(self, contract: Contract) -> None:
        super().__init__(f"Cette commune relève de {contract.holder.name} : rien n’est enregistré ici.")
        self.contract = contract


class RequestTaken(DomainError):
    code = "request_taken"


class RequestOver(DomainError):
    """Ended without an appointment, or answered: nobody takes it any more."""

    code = "request_over"


class ConsentMissing(DomainError):
    code = "consent_missing"


class NumberMissing(DomainError):
    code = "number_missing"
