from cep_portal.common.errors import DomainError


class ClosingStateRefused(DomainError):
    code = "closing_state_refused"


class NotYetDue(DomainError):
    """The clock of the month has not come to this act."""

    code = "closing_not_yet_due"


class DisputeTooLate(DomainError):
    code = "dispute_too_late"


class DisputesUnanswered(DomainError):
    code = "disputes_unanswered"


class ReasonsMissing(DomainError):
    code = "reasons_missing"


class ClosingNotYours(DomainError):
    code = "closing_not_yours"


class ClosingMandateNotEntitled(DomainError):
    code = "mandate_not_entitled"


class SamePerson(DomainError):
    """Two acts that two people must do."""

    code = "same_person"


class AlreadyAsked(DomainError):
    code = "already_asked"


class EvidenceAltered(DomainError):
    code = "evidence_altered"


class DaysOutside(DomainError):
    """Days that are not of the month."""

    code = "days_outside"
