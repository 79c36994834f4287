"""What this app keeps about people, column by column (cep_portal.common.personal_data)."""

from django.db.models import Q

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from cep_portal.messaging.models import DeliveryDay, Message
from cep_portal.messaging.services.forgetting import forget_messages

MANIFESTS = (
    PersonManifest(
        model=Message,
        title="Messages qui vous ont été écrits",
        purpose="Vous prévenir, et prouver que vous l’avez été.",
        retention=retention.MESSAGE,
        order=70,
        rows=lambda subject: Message.objects.filter(
            Q(person_key=str(subject.uuid))
            | Q(recipient__in=(*subject.emails, *subject.phones), person_key="")
        ),
        personal=dict.fromkeys(
            (
                *("channel", "kind", "recipient", "subject", "body", "attachment_name", "attachment"),
                *("state", "created_at", "due_at", "sent_at", "delivered_at", "bounced_at"),
            ),
            KEPT,
        ),
        technical=(
            *("id", "uuid", "key", "person_key", "about_kind", "about_uuid", "about_version"),
            *("news", "news_uuid", "facts"),
            *("attachment_type", "expires_at", "retry_at", "attempts", "withdrawn", "last_error"),
            *("carrier", "carrier_id", "bounce_reason"),
        ),
        erase_with=lambda subject, _now: forget_messages(
            person_key=str(subject.uuid), recipients=(*subject.emails, *subject.phones)
        ),
    ),
)
IMPERSONAL = (DeliveryDay,)
