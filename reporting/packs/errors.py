from cep_portal.common.errors import DomainError


class NothingToPrint(DomainError):
    code = "nothing_to_print"


class MonthNotClosed(DomainError):
    code = "month_not_closed"
