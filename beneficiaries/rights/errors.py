from cep_portal.common.errors import DomainError


class NothingChanged(DomainError):
    code = "nothing_changed"


class AlreadyRestricted(DomainError):
    code = "already_restricted"


class NotRestricted(DomainError):
    code = "not_restricted"


class SameEmail(DomainError):
    code = "same_email"
