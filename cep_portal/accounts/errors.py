from cep_portal.common.errors import DomainError


class AccountExists(DomainError):
    code = "account_exists"


class AccountOfPerson(DomainError):
    """An agent's mandate is never given to the account by which a person reads the own file."""

    code = "account_of_person"


class SiretInvalid(DomainError):
    code = "siret_invalid"


class MandateAlreadyEnded(DomainError):
    code = "mandate_already_ended"


class MandateScopeInvalid(DomainError):
    code = "mandate_scope_invalid"


class MandateOverlap(DomainError):
    code = "mandate_overlap"


class EmailTaken(DomainError):
    code = "email_taken"
