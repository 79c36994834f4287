"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from typing import Any

from beneficiaries.rights.models import DataExport, Erasure, PersonCode
from beneficiaries.rights.services.exports import withdraw
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject, Treatment


def _exports(subject: Subject) -> Any:
    return DataExport.objects.filter(beneficiary=subject.beneficiary_id)


MANIFESTS = (
    PersonManifest(
        model=PersonCode,
        title="Codes reçus pour vos droits",
        purpose="Vérifier que c’est vous.",
        retention=retention.AS_LONG_AS_THE_FILE,
        order=81,
        rows=lambda subject: PersonCode.objects.filter(beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(("purpose", "email", "sent_at", "used_at"), KEPT),
        technical=("id", "uuid", "beneficiary", "code_hash", "expires_at", "attempts"),
        is_deleted=True,
        # a code under way would prove a contact for somebody else
        on_merge={"beneficiary": Treatment.ENDS},
    ),
    PersonManifest(
        model=DataExport,
        title="Copies de vos données",
        purpose="Vous remettre vos données.",
        retention=retention.EXPORT,
        order=82,
        rows=_exports,
        personal=dict.fromkeys(("asked_at", "expires_at", "withdrawn_at"), KEPT),
        technical=("id", "uuid", "beneficiary", "step_count", "steps_done", "document", "failed_at"),
        erase_with=lambda subject, now: withdraw(_exports(subject), now=now),
        on_merge={"beneficiary": Treatment.MOVES},
    ),
)
IMPERSONAL = (Erasure,)
