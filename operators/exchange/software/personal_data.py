"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from operators.exchange.software.models import ApiClient, KeyUse

AGENTS = "Organiser l’accueil. Ne concerne que des agents."

MANIFESTS = (
    PersonManifest(
        model=ApiClient,
        title="Logiciel autorisé",
        purpose=AGENTS,
        retention=retention.AS_LONG_AS_THE_CONTRACT,
        rows=None,
        personal=dict.fromkeys(("name", "created_by", "created_at", "revoked_at", "last_used_at"), KEPT),
        technical=("id", "uuid", "organisation", "secret_hash", "scopes"),
    ),
)
IMPERSONAL = (KeyUse,)
