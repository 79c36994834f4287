from cep_portal.common.errors import DomainError


class FileRefused(DomainError):
    """Nothing of the file can be read; the sentence says why and how to mend."""

    code = "delivery_unreadable"


class FileTooBig(FileRefused):
    code = "delivery_too_big"


class KeyReused(DomainError):
    """The same idempotency key came with another content."""

    code = "idempotency_key_reused"
