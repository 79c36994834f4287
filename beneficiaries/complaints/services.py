import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from beneficiaries.complaints import errors, notices, rules
from beneficiaries.complaints.enums import ComplaintState
from beneficiaries.complaints.models import Complaint
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.rules import new_reference
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from procurement.contracts.models import Contract


@dataclass(frozen=True)
class ComplaintFacts:
    """What the person writes, and where the answer goes."""

    topic: str
    text: str
    first_name: str
    last_name: str
    email: str


@transaction.atomic
def write_complaint(
    *,
    contract: Contract,
    facts: ComplaintFacts,
    now: datetime,
    beneficiary: Beneficiary | None = None,
    by: User | None = None,
    key: uuid.UUID | None = None,
) -> Complaint:
    """Receive a written complaint, start its clocks (R6123-14), acknowledge it and tell the managers.

    The same `key` twice is one complaint (double click). Raises ComplaintsTooMany beyond three a day from
    one address.
    """
    known = Complaint.objects.filter(uuid=key).first() if key else None
    if known is not None:
        return known
    email = facts.email.strip().lower()
    _check_quota(email, now)
    day = local_day(now)
    complaint = Complaint.objects.create(
        uuid=key or uuid.uuid4(),
        reference=new_reference(),
        received_at=now,
        received_on=day,
        answer_due_on=rules.answer_due_on(day),
        mediator_until_on=rules.mediator_until_on(day),
        contract=contract,
        beneficiary=beneficiary,
        topic=facts.topic,
        text=facts.text.strip(),
        first_name=facts.first_name.strip(),
        last_name=facts.last_name.strip(),
        email=email,
    )
    record(action="beneficiaries.complaint.received", target=complaint, by=by, now=now)
    notices.tell_received(complaint, now=now)
    return complaint


def _check_quota(email: str, now: datetime) -> None:
    recent = Complaint.objects.filter(email=email, received_at__gt=now - timedelta(days=1))
    if recent.count() >= rules.A_DAY:
        raise errors.ComplaintsTooMany(
            "Trois réclamations ont déjà été reçues de cette adresse depuis hier. Réessayez demain."
        )


@transaction.atomic
def answer_complaint(*, complaint: Complaint, answer: str, now: datetime, by: User) -> Complaint:
    """Answer once, in writing; the person is told where to read it. Raises AlreadyAnswered, AnswerMissing."""
    complaint = _locked(complaint)
    if not rules.may_become(complaint.state, ComplaintState.ANSWERED):
        raise errors.AlreadyAnswered("Cette réclamation a déjà sa réponse.")
    if not answer.strip() or by.mandate is None:
        raise errors.AnswerMissing("Écrivez la réponse.")
    complaint.state, complaint.answer = ComplaintState.ANSWERED, answer.strip()
    complaint.answered_at, complaint.answered_under = now, by.mandate
    complaint.save(update_fields=["state", "answer", "answered_at", "answered_under"])
    record(action="beneficiaries.complaint.answered", target=complaint, by=by, now=now)
    notices.tell_answered(complaint, now=now)
    return complaint


@transaction.atomic
def contest_answer(*, complaint: Complaint, now: datetime) -> Complaint:
    """The answer does not suit: the mediator may now be reached. Raises NotContestable outside the year."""
    complaint = _locked(complaint)
    in_time = local_day(now) <= complaint.mediator_until_on
    if not rules.may_become(complaint.state, ComplaintState.CONTESTED) or not in_time:
        raise errors.NotContestable("Cette réponse ne peut pas, ou plus, être contestée.")
    complaint.state, complaint.contested_at = ComplaintState.CONTESTED, now
    complaint.save(update_fields=["state", "contested_at"])
    record(action="beneficiaries.complaint.contested", target=complaint, by=None, now=now)
    return complaint


def _locked(complaint: Complaint) -> Complaint:
    return (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("contract__holder")
        .get(pk=complaint.pk)
    )


def remind_managers(*, now: datetime) -> int:
    """Tell the managers of each complaint whose month ends in 7 days, 2 days or today; safe to run twice.

    A day missed is caught up by the next run: what counts is the nearest deadline passed.
    """
    today = local_day(now)
    waiting = Complaint.objects.filter(
        state=ComplaintState.RECEIVED, answer_due_on__lte=today + timedelta(days=max(rules.REMINDERS))
    )
    told = 0
    for complaint in waiting.select_related("contract__holder").order_by("answer_due_on", "pk"):
        told += notices.tell_managers(complaint, days=_step(complaint, today), now=now)
    return told


def _step(complaint: Complaint, today: date) -> int:
    left = (complaint.answer_due_on - today).days
    return min(days for days in rules.REMINDERS if left <= days)


@transaction.atomic
def forget_complaints(*, complaints: Any, now: datetime) -> int:
    """Empty what was written in complaints and who wrote it; dates and counts stay. Safe to run twice."""
    return complaints.filter(erased_at__isnull=True).update(
        text="", answer="", first_name="", last_name="", email="", erased_at=now
    )
