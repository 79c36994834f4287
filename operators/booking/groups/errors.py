from cep_portal.common.errors import DomainError


class SessionInvalid(DomainError):
    code = "group_session_invalid"


class SessionOver(DomainError):
    """The session was cancelled, held, or has begun."""

    code = "group_session_over"


class SessionFull(DomainError):
    code = "group_session_full"


class PlaceTwice(DomainError):
    code = "group_place_twice"


class PlaceOver(DomainError):
    code = "group_place_over"
