from cep_portal.common.errors import DomainError


class SurveyAlreadyAnswered(DomainError):
    code = "survey_already_answered"
