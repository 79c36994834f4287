from cep_portal.common.errors import DomainError


class ComplaintsTooMany(DomainError):
    code = "complaints_too_many"


class AlreadyAnswered(DomainError):
    code = "already_answered"


class NotContestable(DomainError):
    code = "not_contestable"


class AnswerMissing(DomainError):
    code = "answer_missing"
