from cep_portal.common.errors import DomainError


class MonthAlreadyStarted(DomainError):
    """A commitment never binds a month that has begun (INV-19)."""

    code = "month_already_started"


class MonthOutsideContract(DomainError):
    code = "month_outside_contract"


class IndicatorUnknown(DomainError):
    code = "indicator_unknown"


class VersionOrderRefused(DomainError):
    code = "version_order_refused"


class TargetTooFine(DomainError):
    """No figure is printed as finely as the target: nothing could be said to meet it (ADR 0070)."""

    code = "target_too_fine"


class ClauseUnknown(DomainError):
    code = "clause_unknown"
