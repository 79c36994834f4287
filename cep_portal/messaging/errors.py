from cep_portal.common.errors import DomainError


class MessageExpired(DomainError):
    code = "message_expired"
