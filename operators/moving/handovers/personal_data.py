from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, NOT_SENT, PersonManifest, Treatment
from operators.moving.handovers.models import Handover

MANIFESTS = (
    PersonManifest(
        model=Handover,
        title="Qui vous a suivi",
        purpose="Savoir quel conseiller vous suit, et quand il change.",
        retention=retention.WITHOUT_IDENTITY,
        order=42,
        rows=lambda subject: Handover.objects.filter(
            pathway__beneficiary=subject.beneficiary_id
        ).select_related("colleague__user"),
        personal=dict.fromkeys(("kind", "until", "handed_at", "ended_at"), KEPT),
        technical=("id", "uuid", "batch", "pathway", "former", "colleague", "handed_by"),
        extra={"conseiller": lambda row: row.colleague.user.full_name},
        on_merge={"pathway": Treatment.STAYS},
        on_transfer=NOT_SENT,
    ),
)
