"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from operators.reception.partners.models import PartnerBooking

MANIFESTS = (
    PersonManifest(
        model=PartnerBooking,
        title="Rendez-vous pris avec un partenaire",
        purpose="Savoir ce que vous avez accepté de dire au partenaire.",
        retention=retention.WITHOUT_IDENTITY,
        order=36,
        rows=lambda subject: PartnerBooking.objects.filter(
            appointment__beneficiary=subject.beneficiary_id
        ).select_related("organisation"),
        personal=dict.fromkeys(("agreed_at", "outcome_agreed_at", "withdrawn_at"), KEPT),
        technical=("id", "uuid", "appointment", "present", "organisation", "booked_by"),
        extra={"partenaire": lambda row: row.organisation.name},
    ),
)
