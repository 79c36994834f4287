"""What webhooks keep about people: which manager did what, and identifiers of facts for thirty days."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription, WebhookTry

# A body holds identifiers and states of facts: whoever cannot read these reads nothing, and all is
# deleted after PORTAL_WEBHOOK_DAYS.
MANIFESTS = (
    PersonManifest(
        model=WebhookSubscription,
        title="Abonnements des logiciels",
        purpose="Prévenir le logiciel d’un opérateur. Ne concerne que des agents.",
        retention=retention.AS_LONG_AS_THE_CONTRACT,
        rows=None,
        personal=dict.fromkeys(("created_by", "created_at"), KEPT),
        technical=(
            *("id", "uuid", "organisation", "url", "kinds", "state", "key_id", "sealed"),
            *("former_key_id", "former_sealed", "former_until", "failing_since"),
            *("suspended_at", "suspension", "ended_at"),
        ),
    ),
)
IMPERSONAL = (WebhookMessage, WebhookTry)
