from cep_portal.common.errors import DomainError


class RemoteResourceRefused(DomainError):
    code = "remote_resource_refused"
