"""What situations keep about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, NOT_SENT, PersonManifest, Treatment
from operators.casework.situations.models import PathwaySituation, Rectification

NAMED = (
    "contract_type",
    "profession",
    "sector",
    "employer_size",
    "diploma",
)  # together, they may name somebody


MANIFESTS = (
    PersonManifest(
        model=PathwaySituation,
        title="Votre situation et ce qui vous amène",
        purpose="Adapter votre accompagnement à votre situation.",
        retention=retention.WITHOUT_IDENTITY,
        order=41,
        rows=lambda subject: PathwaySituation.objects.filter(
            pathway__beneficiary=subject.beneficiary_id
        ).select_related("department"),
        personal=dict.fromkeys(("effective", "reasons", "status", "recorded_at", "replaced_at"), KEPT),
        sensitive={**dict.fromkeys(NAMED, ""), "department": None},
        technical=("id", "uuid", "pathway", "recorded_by", "changed_xid"),
        on_merge={"pathway": Treatment.STAYS},
        on_transfer="SITUATION",
    ),
    PersonManifest(
        model=Rectification,
        title="Vos demandes de rectification",
        purpose="Corriger ce qui est noté de vous.",
        retention=retention.WITHOUT_IDENTITY,
        order=41,
        rows=lambda subject: Rectification.objects.filter(pathway__beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(("parts", "asked_at", "answer", "answered_at"), KEPT),
        technical=("id", "uuid", "pathway", "answered_by"),
        on_merge={"pathway": Treatment.STAYS},
        on_transfer=NOT_SENT,
    ),
)
