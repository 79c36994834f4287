"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from datetime import datetime

from django.db.models import Q

from beneficiaries.complaints.models import Complaint, ComplaintContest
from beneficiaries.complaints.services import forget_complaints
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject, Treatment

NO_CONTACT = Q(email="", phone="")


def _forget_complaints(subject: Subject, now: datetime) -> None:
    """Also those written from the same address or number without signing in."""
    anonymous = Q(email__in=subject.emails) | Q(phone__in=subject.phones)
    own = Q(beneficiary=subject.beneficiary_id) | (anonymous & Q(beneficiary__isnull=True) & ~NO_CONTACT)
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
                *("topic", "text", "first_name", "last_name", "channel", "email", "phone", "address"),
                *("state", "answer", "answered_at", "told_at", "contested_at"),
            ),
            KEPT,
        ),
        technical=("id", "uuid", "contract", "beneficiary", "answered_under", "told_under", "erased_at"),
        extra={"organisme": lambda row: row.contract.holder.name},
        erase_with=_forget_complaints,
        on_merge={"beneficiary": Treatment.MOVES},
    ),
    PersonManifest(
        model=ComplaintContest,
        title="Vos désaccords avec une réponse",
        purpose="Vous répondre de nouveau, et ouvrir la voie du médiateur.",
        retention=retention.WITHOUT_IDENTITY,
        order=56,
        rows=lambda subject: ComplaintContest.objects.filter(complaint__beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(("contested_at", "reason", "answer", "answered_at", "told_at"), KEPT),
        technical=("id", "complaint", "answered_under", "told_under"),
        erase_with=_forget_complaints,
    ),
)
