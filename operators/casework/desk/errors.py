from cep_portal.common.errors import DomainError


class ReceivedByAnother(DomainError):
    code = "received_by_another"


class ReasonMissing(DomainError):
    """« Autre raison » says which."""
