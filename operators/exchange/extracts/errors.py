from cep_portal.common.errors import DomainError


class PeriodRefused(DomainError):
    code = "extract_period_refused"


class OwnRequest(DomainError):
    """Nobody judges what they asked for."""

    code = "extract_own_request"


class NotYoursToJudge(DomainError):
    code = "extract_not_yours_to_judge"


class AlreadyJudged(DomainError):
    code = "extract_already_judged"


class AskerGone(DomainError):
    """Who asked no longer manages for the operator: the file would have no reader."""

    code = "extract_asker_gone"


class FileOver(DomainError):
    """Two days have passed, or there is no file yet."""

    code = "extract_over"
