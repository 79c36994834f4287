from cep_portal.common.errors import DomainError


class SuspensionRefused(DomainError):
    code = "suspension_refused"
