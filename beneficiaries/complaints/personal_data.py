"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from datetime import datetime

from django.db.models import Q

from beneficiaries.complaints.models import Complaint
from beneficiaries.complaints.services import forget_complaints
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject, Treatment


def _forget_complaints(subject: Subject, now: datetime) -> None:
    """Also those written from the same address without signing in."""
    own = Q(beneficiary=subject.beneficiary_id) | Q(email__in=subject.emails, beneficiary__isnull=True)
    forget_complaints(complaints=Complaint.objects.filter(own), now=now)


MANIFESTS = (
    PersonManifest(
        model=Complaint,
        title="Vos réclamations",
        purpose="Vous répondre dans le mois (code du travail, R. 6123-14).",
        retention=retention.WITHOUT_IDENTITY,
        order=55,
        rows=lambda subject: Complaint.objects.filter(beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(
            (
                *("reference", "received_at", "received_on", "answer_due_on", "mediator_until_on"),
                *("topic", "text", "first_name", "last_name", "email", "state", "answer"),
                *("answered_at", "contested_at"),
            ),
            KEPT,
        ),
        technical=("id", "uuid", "contract", "beneficiary", "answered_under", "erased_at"),
        extra={"organisme": lambda row: row.contract.holder.name},
        erase_with=_forget_complaints,
        on_merge={"beneficiary": Treatment.MOVES},
    ),
)
