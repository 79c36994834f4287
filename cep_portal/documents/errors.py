from cep_portal.common.errors import DomainError


class RemoteResourceRefused(DomainError):
    code = "remote_resource_refused"


class UploadRefused(DomainError):
    """A file that people may not send: its kind, its size or what it holds."""

    code = "upload_refused"
