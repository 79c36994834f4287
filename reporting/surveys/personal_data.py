"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, NOT_SENT, PersonManifest, Treatment
from reporting.surveys.models import FormerSurvey, Survey

MANIFESTS = (
    PersonManifest(
        model=Survey,
        title="Vos réponses aux enquêtes",
        purpose="Mesurer si l’accompagnement sert (code du travail, D6111-7).",
        retention=retention.WITHOUT_IDENTITY,
        order=60,
        rows=lambda subject: Survey.objects.filter(pathway__beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(
            ("kind", "level", "sent_at", "answered_at", "answered_on", "satisfaction"), KEPT
        ),
        technical=("id", "uuid", "pathway", "changed_xid", "known_from"),
        on_merge={"pathway": Treatment.STAYS},
        on_transfer=NOT_SENT,
    ),
)
IMPERSONAL = (FormerSurvey,)  # keys, dates and closed lists alone (ADR 0067)
