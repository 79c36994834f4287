"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Treatment
from operators.booking.groups.models import GroupPlace, GroupSession

MANIFESTS = (
    PersonManifest(
        model=GroupPlace,
        title="Vos réunions d’information",
        purpose="Vous garder une place.",
        retention=retention.WITHOUT_IDENTITY,
        order=35,
        rows=lambda subject: GroupPlace.objects.filter(beneficiary=subject.beneficiary_id).select_related(
            "session__site__commune"
        ),
        personal=dict.fromkeys(
            (
                *("state", "booked_at", "cancelled_at", "cancelled_by"),
                *("told_by", "reached_at", "reached_way"),
            ),
            KEPT,
        ),
        technical=(
            "id",
            "uuid",
            "session",
            "beneficiary",
            "service_request",
            "idempotency_key",
            "reached_by",
        ),
        extra={
            "réunion": lambda row: row.session.get_topic_display(),
            "début": lambda row: row.session.starts_at,
            "lieu": lambda row: f"{row.session.site.name}, {row.session.site.commune.name}",
        },
        on_merge={"beneficiary": Treatment.MOVES},
    ),
)
IMPERSONAL = (GroupSession,)
