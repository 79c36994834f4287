from cep_portal.documents.models import StoredDocument
from cep_portal.documents.rules import fold_code


def document_by_digest(digest: str) -> StoredDocument | None:
    """The last document issued with exactly these bytes; None when there is none."""
    return StoredDocument.objects.filter(sha256=digest).order_by("-issued_at", "-pk").first()


def document_by_code(code: str) -> StoredDocument | None:
    """The document that carries this code, typed with or without spaces, in any case; None when unknown."""
    return StoredDocument.objects.filter(check_code=fold_code(code)).first()
