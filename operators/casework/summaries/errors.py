from cep_portal.common.errors import DomainError


class SummaryRefused(DomainError):
    code = "summary_refused"


class AlreadyOpen(SummaryRefused):
    code = "summary_already_open"


class NotWritten(SummaryRefused):
    code = "summary_not_written"


class NothingToPropose(SummaryRefused):
    code = "summary_empty"


class NotProposed(SummaryRefused):
    code = "summary_not_proposed"


class ChangedSince(SummaryRefused):
    code = "summary_changed_since"


class WordsMissing(SummaryRefused):
    code = "summary_words_missing"


class NotCurrent(SummaryRefused):
    code = "summary_not_current"


class TooManyShares(SummaryRefused):
    code = "summary_too_many_shares"
