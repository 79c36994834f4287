import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from beneficiaries.complaints import errors, notices, rules
from beneficiaries.complaints.enums import AnswerChannel, ComplaintState
from beneficiaries.complaints.models import Complaint, ComplaintContest
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.rules import new_reference
from beneficiaries.request.services.guard import lock_holder
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common import phones
from cep_portal.common.days import local_day
from cep_portal.common.locks import one_at_a_time
from procurement.contracts.models import Contract


@dataclass(frozen=True)
class ComplaintFacts:
    """What the person writes, and where the answer goes."""

    topic: str
    text: str
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    channel: str = AnswerChannel.EMAIL

    @property
    def contact(self) -> dict[str, str]:
        """The one contact of the channel, as it is kept: the others are not the person's wish."""
        if self.channel == AnswerChannel.EMAIL:
            return {"email": self.email.strip().lower()}
        if self.channel == AnswerChannel.POST:
            return {"address": self.address.strip()}
        return {"phone": phones.kept(self.phone)}


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
    one contact.
    """
    if beneficiary is not None:
        lock_holder(beneficiary)
    one_at_a_time(f"complaint of {sorted(facts.contact.items())}")  # before the quota, and the key, are read
    known = Complaint.objects.filter(uuid=key).first() if key else None
    if known is not None:
        return known
    _check_quota(facts.contact, now)
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
        channel=facts.channel,
        **facts.contact,
    )
    record(action="beneficiaries.complaint.received", target=complaint, by=by, now=now)
    notices.tell_received(complaint, now=now)
    return complaint


def _check_quota(contact: dict[str, str], now: datetime) -> None:
    recent = Complaint.objects.filter(**contact, received_at__gt=now - timedelta(days=1))
    if recent.count() >= rules.A_DAY:
        raise errors.ComplaintsTooMany(
            "Trois réclamations ont déjà été reçues de ce contact depuis hier. Réessayez demain."
        )


@transaction.atomic
def answer_complaint(*, complaint: Complaint, answer: str, now: datetime, by: User) -> Complaint:
    """Answer in writing, once and once more after each contest; the person is told by their channel.

    Of a person erased since, it is only closed: no word is kept, and nobody is told. Raises AlreadyAnswered,
    AnswerMissing.
    """
    complaint = _locked(complaint)
    if not rules.may_become(complaint.state, ComplaintState.ANSWERED):
        raise errors.AlreadyAnswered("Cette réclamation a déjà sa réponse.")
    words = "" if complaint.erased_at is not None else answer.strip()
    if (not words and complaint.erased_at is None) or by.mandate is None:
        raise errors.AnswerMissing("Écrivez la réponse.")
    contest = complaint.contests.filter(answered_at__isnull=True).first()
    answered: Complaint | ComplaintContest = contest or complaint
    complaint.state = ComplaintState.ANSWERED
    answered.answer, answered.answered_at, answered.answered_under = words, now, by.mandate
    written = ["answer", "answered_at", "answered_under"]
    complaint.save(update_fields=["state"] if contest else ["state", *written])
    if contest:
        contest.save(update_fields=written)
    record(action="beneficiaries.complaint.answered", target=complaint, by=by, now=now)
    if complaint.erased_at is None:
        notices.tell_answered(complaint, now=now)
    return complaint


@transaction.atomic
def note_told(*, complaint: Complaint, now: datetime, by: User) -> Complaint:
    """The last answer was said, or posted: who and when stay. Raises AnswerMissing without one."""
    complaint = _locked(complaint)
    contest = complaint.contests.filter(answered_at__isnull=False).order_by("-pk").first()
    told: Complaint | ComplaintContest = contest or complaint
    if complaint.state != ComplaintState.ANSWERED or by.mandate is None:
        raise errors.AnswerMissing("Écrivez la réponse avant de noter qu’elle est donnée.")
    if told.told_at is None:
        told.told_at, told.told_under = now, by.mandate
        told.save(update_fields=["told_at", "told_under"])
        record(action="beneficiaries.complaint.told", target=complaint, by=by, now=now)
    return complaint


@transaction.atomic
def contest_answer(
    *, complaint: Complaint, now: datetime, reason: str = "", by: User | None = None
) -> Complaint:
    """The answer does not suit: the mediator may be reached, and the managers answer again.

    The reason stays as it was given, by the person or, `by` an agent, on the telephone or by letter. Raises
    NotContestable outside the year.
    """
    complaint = _locked(complaint)
    in_time = local_day(now) <= complaint.mediator_until_on and complaint.erased_at is None
    if not rules.may_become(complaint.state, ComplaintState.CONTESTED) or not in_time:
        raise errors.NotContestable("Cette réponse ne peut pas, ou plus, être contestée.")
    complaint.state, complaint.contested_at = ComplaintState.CONTESTED, complaint.contested_at or now
    complaint.save(update_fields=["state", "contested_at"])
    contest = ComplaintContest.objects.create(complaint=complaint, contested_at=now, reason=reason.strip())
    record(action="beneficiaries.complaint.contested", target=complaint, by=by, now=now)
    notices.tell_contested(contest, now=now)
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
    ComplaintContest.objects.filter(complaint__in=complaints).update(reason="", answer="")
    return complaints.filter(erased_at__isnull=True).update(
        text="", answer="", first_name="", last_name="", email="", phone="", address="", erased_at=now
    )
