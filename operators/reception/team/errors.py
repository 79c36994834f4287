from cep_portal.common.errors import DomainError


class SuspensionRefused(DomainError):
    code = "suspension_refused"


class InvitationRefused(DomainError):
    code = "invitation_refused"


class SiteRefused(DomainError):
    code = "site_refused"
