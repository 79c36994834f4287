from cep_portal.common.errors import DomainError


class MonthNotComputed(DomainError):
    """The indicators were never computed since the month closed: its figures are not whole."""

    code = "month_not_computed"
