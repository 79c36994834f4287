"""What referrals keep about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, NOT_SENT, PersonManifest, Treatment
from operators.casework.referrals.enums import ReferralReason
from operators.casework.referrals.models import DoorChange, Referral, ReferralDoor

AGENTS = "Tenir l’annuaire à jour. Ne concerne que des agents."


MANIFESTS = (
    PersonManifest(
        model=Referral,
        title="Vos orientations vers d’autres services",
        purpose="Transmettre ce que vous avez accepté, et suivre la réponse.",
        retention=retention.WITHOUT_IDENTITY,
        order=46,
        rows=lambda subject: Referral.objects.filter(
            pathway__beneficiary=subject.beneficiary_id
        ).select_related("door"),
        personal=dict.fromkeys(
            (
                *("consent_wording", "consented_at", "way", "sent_at", "state"),
                *("answered_at", "answered_how", "done_at", "withdrawn_at"),
            ),
            KEPT,
        ),
        sensitive={"reason": ReferralReason.OTHER, "note": "", "transmitted": "", "answer_note": ""},
        technical=("id", "uuid", "pathway", "door", "sent_by", "answered_by"),
        extra={"service": lambda row: row.door.name},
        on_merge={"pathway": Treatment.STAYS},
        on_transfer=NOT_SENT,
    ),
    PersonManifest(
        model=ReferralDoor,
        title="Annuaire des orientations",
        purpose=AGENTS,
        retention=retention.AS_LONG_AS_THE_MARKET,
        rows=None,
        personal=dict.fromkeys(("updated_at", "updated_by"), KEPT),
        technical=(
            *("id", "uuid", "kind", "name", "what", "website", "phone", "email", "how"),
            *("region_codes", "department_codes", "organisation", "is_active"),
        ),
    ),
    PersonManifest(
        model=DoorChange,
        title="Changements de l’annuaire",
        purpose=AGENTS,
        retention=retention.AS_LONG_AS_THE_MARKET,
        rows=None,
        personal=dict.fromkeys(("changed_at", "changed_by"), KEPT),
        technical=("id", "door", "values"),
    ),
)
