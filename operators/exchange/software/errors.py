from cep_portal.common.errors import DomainError


class ClientAlreadyRevoked(DomainError):
    code = "client_already_revoked"


class KeyReused(DomainError):
    """The same idempotency key came with other facts."""

    code = "idempotency_key_reused"
