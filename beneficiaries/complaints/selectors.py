from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from beneficiaries.complaints.enums import ComplaintState
from beneficiaries.complaints.models import Complaint, ComplaintContest
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.rules import clean_reference
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from procurement.contracts.models import Contract


def complaint_by_reference(reference: str) -> Complaint | None:
    complaints = Complaint.objects.select_related("contract__holder")
    return complaints.filter(reference=clean_reference(reference)).first()


def complaint_by_uuid(uuid: UUID) -> Complaint | None:
    return Complaint.objects.select_related("contract__holder").filter(uuid=uuid).first()


def complaint_list(*, user: User, state: str = "") -> QuerySet[Complaint]:
    """An operator's complaints: those that wait first, the nearest deadline first; one query."""
    complaints = Complaint.objects.visible_to(user)
    if state:
        complaints = complaints.filter(state=state)
    return complaints.order_by(F("answered_at").desc(nulls_first=True), "answer_due_on", "pk")


def complaints_to_answer(*, user: User) -> QuerySet[Complaint]:
    """What an operator owes an answer to: the new ones by last day, then those contested."""
    waiting = Complaint.objects.visible_to(user).exclude(state=ComplaintState.ANSWERED)
    return waiting.order_by("-state", "answer_due_on", "pk")  # RECEIVED, then CONTESTED


def rounds_of(*, complaint: Complaint) -> list[ComplaintContest]:
    """Each contest of a complaint with the answer it got, oldest first; one query."""
    rounds = complaint.contests.select_related("answered_under__user", "told_under__user")
    return list(rounds.order_by("contested_at", "pk"))


def contract_of_request(reference: str) -> Contract | None:
    """The contract that answers for a request, however its reference was typed."""
    service_requests = ServiceRequest.objects.select_related("contract__holder")
    request = service_requests.filter(reference=clean_reference(reference)).first()
    return request.contract if request else None


def contract_of_person(beneficiary: Beneficiary) -> Contract | None:
    """The contract of the person's latest request."""
    latest = (
        beneficiary.service_requests.select_related("contract__holder")
        .order_by("-requested_at", "-pk")
        .first()
    )
    return latest.contract if latest else None


def managers_of(*, contract: Contract, on: date) -> list[Mandate]:
    """The managers of the holder in office on a day; one query."""
    held = Mandate.objects.active(on).filter(
        role=Role.OPERATOR_MANAGER, organisation=contract.holder_id, user__is_active=True
    )
    return list(held.select_related("user").order_by("pk"))


def totals_by_contract(*, on: date) -> QuerySet[Contract]:
    """The contracts complained of, with their totals, the latest answers first; one query, no name."""
    waiting = Q(complaints__state=ComplaintState.RECEIVED)
    answered = Q(complaints__answered_at__isnull=False)
    over_a_month = Q(complaints__answered_at__date__gt=F("complaints__answer_due_on"))
    return (
        Contract.objects.select_related("holder", "lot")
        .annotate(
            received=Count("complaints"),
            waiting=Count("complaints", filter=waiting),
            late=Count("complaints", filter=waiting & Q(complaints__answer_due_on__lt=on)),
            answered=Count("complaints", filter=answered),
            answered_late=Count("complaints", filter=answered & over_a_month),
            contested=Count("complaints", filter=Q(complaints__contested_at__isnull=False)),
        )
        .filter(received__gt=0)
        .order_by("-late", "-waiting", "pk")
    )


def late_complaints(*, on: date) -> QuerySet[Complaint]:
    """The complaints without an answer after a month, without what names or quotes the person; one query."""
    late = Complaint.objects.filter(state=ComplaintState.RECEIVED, answer_due_on__lt=on)
    return (
        late.only("reference", "received_on", "answer_due_on", "topic", "state", "contract")
        .select_related("contract__holder", "contract__lot")
        .order_by("answer_due_on", "pk")
    )


def complained_since(since: datetime) -> Exists:
    """Whether a person complained since an instant: a contact, for the retention of the file."""
    return Exists(Complaint.objects.filter(beneficiary=OuterRef("pk"), received_at__gte=since))
