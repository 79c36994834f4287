"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from operators.reception.calls.models import AssistedBooking

MANIFESTS = (
    PersonManifest(
        model=AssistedBooking,
        title="Rendez-vous pris avec quelqu’un",
        purpose="Savoir qui a pris un rendez-vous pour vous, avec votre accord.",
        retention=retention.WITHOUT_IDENTITY,
        order=35,
        rows=lambda subject: AssistedBooking.objects.filter(appointment__beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(("consent", "agreed_at"), KEPT),
        technical=("id", "appointment", "booked_by"),
    ),
)
