"""What this app keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common.personal_data import register_impersonal
from cep_portal.documents.models import StoredDocument


def declare() -> None:
    """A document's row names nobody; its file is given and destroyed by the app that issued it."""
    register_impersonal(StoredDocument)
