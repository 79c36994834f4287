from cep_portal.common.errors import DomainError


class TrainingOnly(DomainError):
    """Asked of a portal, or of a database, that is no training place."""


class PlaceBusy(DomainError):
    """The clock is moving or the place is being put back: one thing at a time."""


class ClockTooFar(DomainError):
    """The clock would be further ahead than the place allows."""
