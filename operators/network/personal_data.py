"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from operators.network.models import Adviser, Site, SiteClosure, SlotDelay

AGENTS = "Organiser l’accueil. Ne concerne que des agents."

MANIFESTS = (
    PersonManifest(
        model=Adviser,
        title="Conseillers",
        purpose=AGENTS,
        retention=retention.AS_LONG_AS_THE_CONTRACT,
        rows=None,
        personal=dict.fromkeys(("user", "site", "is_active", "max_per_day", "skills"), KEPT),
        technical=("id", "uuid"),
    ),
)
IMPERSONAL = (Site, SiteClosure, SlotDelay)
