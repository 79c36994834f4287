from cep_portal.common.errors import DomainError


class ReferralRefused(DomainError):
    code = "referral_refused"


class ConsentMissing(ReferralRefused):
    code = "consent_missing"


class TextChanged(ReferralRefused):
    code = "text_changed"


class DoorClosed(ReferralRefused):
    code = "door_closed"


class AlreadyReferred(ReferralRefused):
    code = "already_referred"


class AlreadyAnswered(ReferralRefused):
    code = "already_answered"


class DoorInvalid(DomainError):
    code = "door_invalid"
