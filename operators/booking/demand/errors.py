from cep_portal.common.errors import DomainError


class CallBackOver(DomainError):
    code = "call_back_over"


class CallBackPending(DomainError):
    code = "call_back_pending"


class EntryOver(DomainError):
    code = "entry_over"


class CallBackTaken(DomainError):
    code = "call_back_taken"


class AlreadyBooked(DomainError):
    """Who has an appointment asks for an earlier one instead of waiting for one."""

    code = "already_booked"


class AlertRefused(DomainError):
    code = "alert_refused"


class OfferOver(DomainError):
    """Answered, unanswered in time, or withdrawn: the slot is no longer kept by this offer."""

    code = "offer_over"
