"""What partners and people are told of a referral: neutral words and a link, never what was transmitted."""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import send_to_person
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Told
from cep_portal.messaging.services import About, enqueue_message
from operators.casework.referrals import links
from operators.casework.referrals.enums import ReferralState
from operators.casework.referrals.models import Referral

ABOUT = "referral"


def still_open(told: Told) -> bool:
    """What was withdrawn or answered meanwhile is not announced."""
    return Referral.objects.filter(uuid=told.uuid, state=ReferralState.PENDING).exists()


def tell_door(referral: Referral, *, now: datetime) -> None:
    context = {"door": referral.door, "link": links.answer_link(referral)}
    enqueue_message(
        key=f"referral:{referral.uuid}",
        recipient=referral.door.email,
        subject="Une personne vous est adressée",
        body=render_to_string("operators/casework/referrals/mail/sent.txt", context),
        about=About(ABOUT, referral.uuid),
        kind=MessageKind.STAFF,
        now=now,
    )


def tell_withdrawn(referral: Referral, *, now: datetime) -> None:
    enqueue_message(
        key=f"referral-withdrawn:{referral.uuid}",
        recipient=referral.door.email,
        subject="Une demande est retirée",
        body=render_to_string("operators/casework/referrals/mail/withdrawn.txt", {"referral": referral}),
        kind=MessageKind.STAFF,
        now=now,
    )


def tell_answer(referral: Referral, *, now: datetime) -> None:
    """The answer itself is in the personal space: mailboxes are sometimes shared."""
    person = referral.pathway.beneficiary
    context = {
        "person": person,
        "link": portal_link("beneficiaries:space_page", "orientations") if person.user_id else "",
    }
    send_to_person(
        beneficiary=person,
        key=f"referral-answer:{referral.uuid}:{referral.state}",
        kind=MessageKind.ACT,
        subject="Une réponse vous attend",
        body=render_to_string("operators/casework/referrals/mail/answered.txt", context),
        now=now,
    )
