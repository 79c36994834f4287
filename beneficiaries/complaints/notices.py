"""What the person and the managers are told of a complaint: left in the act, in words at its sending.

A mailbox is told the reference and the dates, never the texts.
"""

from datetime import datetime
from functools import partial

from django.template.loader import render_to_string

from beneficiaries.complaints import links, rules, selectors
from beneficiaries.complaints.enums import AnswerChannel
from beneficiaries.complaints.models import Complaint, ComplaintContest
from cep_portal.common.days import local_day
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.rules import gsm7
from cep_portal.messaging.services import Letter, News, Words, enqueue_news

RECEIVED, ANSWERED, MANAGERS = "complaint.received", "complaint.answered", "complaint.managers"
RECEIPT_SUBJECT = "Nous avons reçu votre message"
ANSWER_SUBJECT = "Une réponse vous attend"
MANAGER_SUBJECT = "Une réclamation attend votre réponse"


def tell_received(complaint: Complaint, *, now: datetime) -> None:
    _tell_person(complaint, RECEIVED, f"complaint-receipt:{complaint.uuid}", now=now)
    tell_managers(complaint, days=None, now=now)


def tell_answered(complaint: Complaint, *, now: datetime) -> None:
    """Once for each answer: the first, then one for each contest that got its own."""
    again = complaint.contests.count()
    key = f"complaint-answer:{complaint.uuid}" + (f":{again}" if again else "")
    _tell_person(complaint, ANSWERED, key, now=now)


def tell_contested(contest: ComplaintContest, *, now: datetime) -> None:
    tell_managers(contest.complaint, days=None, step=f"contested-{contest.pk}", now=now)


def tell_managers(
    complaint: Complaint, *, days: int | None, now: datetime, step: str | int = "received"
) -> int:
    """One message a manager and a step, `days` before the month ends; None at its start. How many."""
    mandates = selectors.managers_of(contract=complaint.contract, on=local_day(now))
    step = step if days is None else days
    for mandate in mandates:
        enqueue_news(
            key=f"complaint-{step}:{complaint.uuid}:{mandate.user_id}",
            recipient=mandate.user.email,
            news=News(MANAGERS, complaint.uuid, {"days": days, "is_contested": complaint.is_contested}),
            kind=MessageKind.STAFF,
            now=now,
        )
    return len(mandates)


def _tell_person(complaint: Complaint, name: str, key: str, *, now: datetime) -> None:
    """By the channel they chose; what is said or posted is the managers' act (services.note_told)."""
    if not complaint.contact or complaint.channel in AnswerChannel.spoken:
        return
    enqueue_news(
        key=key,
        channel=MessageChannel(complaint.channel),
        recipient=complaint.contact,
        news=News(name, complaint.uuid),
        person_key=str(complaint.beneficiary.uuid) if complaint.beneficiary else "",
        now=now,
    )


def _person_words(letter: Letter, *, template: str, subject: str) -> Words | None:
    """Nothing to a person whose complaint was erased since."""
    complaint = Complaint.objects.filter(uuid=letter.news.uuid, erased_at__isnull=True).first()
    if complaint is None:
        return None
    link = links.follow_link(complaint)
    if letter.channel == MessageChannel.SMS:
        return Words(_sms(complaint, link, is_answer=letter.news.name == ANSWERED))
    context = {"complaint": complaint, "link": link}
    return Words(render_to_string(template, context), subject)


def _sms(complaint: Complaint, link: str, *, is_answer: bool) -> str:
    """The link when it fits in one SMS, else the reference."""
    said = "Une réponse vous attend" if is_answer else "Message reçu"
    full = gsm7.transliterated(f"{said} : {link}")
    if gsm7.septets(full) <= gsm7.ONE_PART:
        return full
    return gsm7.sayable(f"{said}, référence {complaint.displayed_reference}.")


def _manager_words(letter: Letter) -> Words | None:
    complaint = Complaint.objects.filter(uuid=letter.news.uuid).first()
    if complaint is None:
        return None
    context = {
        "complaint": complaint,
        "days": letter.news.facts["days"],
        "is_contested": letter.news.facts.get("is_contested", False),
        "is_late": rules.is_late(complaint, on=local_day(letter.now)),
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
