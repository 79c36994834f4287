"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from operators.reception.calls.models import AssistedBooking, RequestHandling

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
    PersonManifest(
        model=RequestHandling,
        title="Les réponses à vos demandes",
        purpose="Savoir qui vous répond, et ne pas vous appeler deux fois.",
        retention=retention.WITHOUT_IDENTITY,
        order=38,
        rows=lambda subject: RequestHandling.objects.filter(
            service_request__beneficiary=subject.beneficiary_id
        ),
        personal=dict.fromkeys(("taken_at", "ended_at", "end_reason"), KEPT),
        technical=("id", "service_request", "taken_by", "ended_by"),
    ),
)
