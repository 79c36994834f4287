from cep_portal.common.errors import DomainError


class NoteRefused(DomainError):
    """A note that cannot be written as it is; `field` names the question to repair."""

    code = "note_refused"
    field: str | None = "text"


class NoteEmpty(NoteRefused):
    code = "note_empty"


class NoteTooLong(NoteRefused):
    code = "note_too_long"


class NirInNote(NoteRefused):
    code = "nir_in_note"


class SensitiveWords(NoteRefused):
    """Words of sensitive matters, and no reason to keep them."""

    code = "sensitive_words"
    field = "keep_reason"


class NoteAlreadyCorrected(NoteRefused):
    code = "note_already_corrected"
    field = None


class RequestOpen(DomainError):
    code = "note_request_open"


class NothingToRead(DomainError):
    code = "nothing_to_read"


class AlreadyReleased(DomainError):
    code = "already_released"
