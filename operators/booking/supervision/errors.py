from cep_portal.common.errors import DomainError


class RequestOver(DomainError):
    code = "opening_request_over"
