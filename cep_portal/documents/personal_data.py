"""What this app keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.documents.models import StoredDocument

IMPERSONAL = (StoredDocument,)
