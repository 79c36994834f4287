from cep_portal.common.errors import DomainError


class AttachmentRefused(DomainError):
    code = "attachment_refused"


class AlreadyThere(AttachmentRefused):
    code = "attachment_already_there"


class TooManyAttachments(AttachmentRefused):
    code = "too_many_attachments"


class NotYours(AttachmentRefused):
    code = "attachment_not_yours"


class AlreadyRemoved(AttachmentRefused):
    code = "attachment_already_removed"
