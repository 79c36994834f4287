"""What partners and people are told of a referral: neutral words and a link, never what was transmitted."""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import tell_person
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer, Told
from cep_portal.messaging.services import About, Letter, News, Words, enqueue_news
from operators.casework.referrals import links
from operators.casework.referrals.enums import ReferralState
from operators.casework.referrals.models import Referral

ABOUT = "referral"
FOLDER = "operators/casework/referrals/mail"
SENT, WITHDRAWN, ANSWERED = "referral.sent", "referral.withdrawn", "referral.answered"


def still_open(told: Told) -> bool:
    """What was withdrawn or answered meanwhile is not announced."""
    return Referral.objects.filter(uuid=told.uuid, state=ReferralState.PENDING).exists()


def tell_door(referral: Referral, *, now: datetime) -> None:
    enqueue_news(
        key=f"referral:{referral.uuid}",
        recipient=referral.door.email,
        news=News(SENT, referral.uuid),
        about=About(ABOUT, referral.uuid),
        kind=MessageKind.STAFF,
        now=now,
    )


def tell_withdrawn(referral: Referral, *, now: datetime) -> None:
    enqueue_news(
        key=f"referral-withdrawn:{referral.uuid}",
        recipient=referral.door.email,
        news=News(WITHDRAWN, referral.uuid),
        kind=MessageKind.STAFF,
        now=now,
    )


def tell_answer(referral: Referral, *, now: datetime) -> None:
    """The answer itself is in the personal space: mailboxes are sometimes shared."""
    tell_person(
        beneficiary=referral.pathway.beneficiary,
        key=f"referral-answer:{referral.uuid}:{referral.state}",
        kind=MessageKind.ACT,
        news=News(ANSWERED, referral.uuid),
        now=now,
    )


def _told(letter: Letter) -> Referral | None:
    told = Referral.objects.select_related("door", "pathway__beneficiary")
    return told.filter(uuid=letter.news.uuid).first()


def _sent_words(letter: Letter) -> Words | None:
    referral = _told(letter)
    if referral is None:
        return None
    context = {"door": referral.door, "link": links.answer_link(referral)}
    return Words(render_to_string(f"{FOLDER}/sent.txt", context), "Une personne vous est adressée")


def _withdrawn_words(letter: Letter) -> Words | None:
    referral = _told(letter)
    if referral is None:
        return None
    return Words(
        render_to_string(f"{FOLDER}/withdrawn.txt", {"referral": referral}), "Une demande est retirée"
    )


def _answered_words(letter: Letter) -> Words | None:
    referral = _told(letter)
    if referral is None:
        return None
    person = referral.pathway.beneficiary
    link = portal_link("beneficiaries:space_page", "orientations") if person.user_id else ""
    body = render_to_string(f"{FOLDER}/answered.txt", {"person": person, "link": link})
    return Words(body, "Une réponse vous attend")


COMPOSERS = (
    Composer(SENT, _sent_words),
    Composer(WITHDRAWN, _withdrawn_words),
    Composer(ANSWERED, _answered_words),
)
