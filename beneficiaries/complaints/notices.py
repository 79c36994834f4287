"""What the person and the managers are told of a complaint: left in the act, in words at its sending.

A mailbox is told the reference and the dates, never the texts.
"""

from datetime import datetime
from functools import partial

from django.template.loader import render_to_string

from beneficiaries.complaints import links, selectors
from beneficiaries.complaints.models import Complaint
from cep_portal.common.days import local_day
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words, enqueue_news

RECEIVED, ANSWERED, MANAGERS = "complaint.received", "complaint.answered", "complaint.managers"
RECEIPT_SUBJECT = "Nous avons reçu votre message"
ANSWER_SUBJECT = "Une réponse vous attend"
MANAGER_SUBJECT = "Une réclamation attend votre réponse"


def tell_received(complaint: Complaint, *, now: datetime) -> None:
    _tell_person(complaint, RECEIVED, f"complaint-receipt:{complaint.uuid}", now=now)
    tell_managers(complaint, days=None, now=now)


def tell_answered(complaint: Complaint, *, now: datetime) -> None:
    _tell_person(complaint, ANSWERED, f"complaint-answer:{complaint.uuid}", now=now)


def tell_managers(complaint: Complaint, *, days: int | None, now: datetime) -> int:
    """One message a manager and a step, `days` before the month ends; None at its start. How many."""
    mandates = selectors.managers_of(contract=complaint.contract, on=local_day(now))
    step = "received" if days is None else days
    for mandate in mandates:
        enqueue_news(
            key=f"complaint-{step}:{complaint.uuid}:{mandate.user_id}",
            recipient=mandate.user.email,
            news=News(MANAGERS, complaint.uuid, {"days": days}),
            kind=MessageKind.STAFF,
            now=now,
        )
    return len(mandates)


def _tell_person(complaint: Complaint, name: str, key: str, *, now: datetime) -> None:
    if not complaint.email:  # erased meanwhile
        return
    enqueue_news(
        key=key,
        recipient=complaint.email,
        news=News(name, complaint.uuid),
        person_key=str(complaint.beneficiary.uuid) if complaint.beneficiary else "",
        now=now,
    )


def _person_words(letter: Letter, *, template: str, subject: str) -> Words | None:
    """Nothing to a person whose complaint was erased since."""
    complaint = Complaint.objects.filter(uuid=letter.news.uuid, erased_at__isnull=True).first()
    if complaint is None:
        return None
    context = {"complaint": complaint, "link": links.follow_link(complaint)}
    return Words(render_to_string(template, context), subject)


def _manager_words(letter: Letter) -> Words | None:
    complaint = Complaint.objects.filter(uuid=letter.news.uuid).first()
    if complaint is None:
        return None
    context = {
        "complaint": complaint,
        "days": letter.news.facts["days"],
        "link": links.desk_link(complaint),
    }
    return Words(render_to_string("beneficiaries/mail/complaint_manager.txt", context), MANAGER_SUBJECT)


def _of_person(name: str, act: str, subject: str) -> Composer:
    template = f"beneficiaries/mail/complaint_{act}.txt"
    return Composer(name, partial(_person_words, template=template, subject=subject))


COMPOSERS = (
    _of_person(RECEIVED, "receipt", RECEIPT_SUBJECT),
    _of_person(ANSWERED, "answer", ANSWER_SUBJECT),
    Composer(MANAGERS, _manager_words),
)
