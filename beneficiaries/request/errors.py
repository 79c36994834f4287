from datetime import datetime

from cep_portal.common.errors import Detour, DomainError

# For who may hold a reference or a link alone: it does not tell that a file is frozen.
CLOSED = "Rien ne peut être ajouté à cette demande. Faites-en une nouvelle, ou appelez-nous."


class NoContractInForce(DomainError):
    code = "no_contract_in_force"


class CodesTooMany(DomainError):
    """`until`: when another code may be asked for."""

    code = "codes_too_many"

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class CodeWrong(DomainError):
    code = "code_wrong"


class CodeSuperseded(DomainError):
    """The code of an earlier message: a newer one was sent to the same place."""

    code = "code_superseded"


class CodeExpired(DomainError):
    code = "code_expired"


class CodeExhausted(CodeExpired):
    code = "code_exhausted"


class CodeUsed(DomainError):
    code = "code_used"


class RequestOfAnother(DomainError):
    code = "request_of_another"


class PersonUnknown(DomainError):
    code = "person_unknown"


class NoMobile(DomainError):
    code = "no_mobile"


class NoSms(DomainError):
    code = "no_sms"


class NoWayToWrite(DomainError):
    code = "no_way_to_write"


class FileRestricted(DomainError):
    """The person froze the own file (RGPD, article 18)."""

    code = "file_restricted"


class FileMerged(DomainError):
    """The file is a duplicate, merged into another (ADR 0036)."""

    code = "file_merged"


class ContactOfAgent(DomainError):
    """The address opens the account of somebody in office who is not the person."""

    code = "contact_of_agent"


class ContactMissing(DomainError):
    code = "contact_missing"


class AnswersGone(Detour):
    """The answers of a request under way are no longer in this session: it ended, or began elsewhere."""

    to = "beneficiaries:triage_gone"
