"""What a person is told when a colleague follows them: one message, discreet, no service named."""

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import tell_person
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words
from operators.booking.agenda.models import Appointment
from operators.moving.handovers.models import Handover

SUBJECT = "Un changement d’interlocuteur"
GIVEN, BACK = "handover.given", "handover.back"


def tell_handed_over(
    handover: Handover, *, given: Sequence[Appointment], is_replaced: bool = False, now: datetime
) -> None:
    """Who follows the person from now on, until when, and which appointments stay at their hour.

    `is_replaced`: the same act told the person apart what becomes of an appointment.
    """
    kept = [[appointment.starts_at.isoformat(), appointment.site.zone] for appointment in given]
    _tell(handover, GIVEN, f"handover-{handover.uuid}", {"given": kept, "is_replaced": is_replaced}, now=now)


def tell_back(handover: Handover, *, now: datetime) -> None:
    """Who lent the pathway without a day is back: the person could not know when."""
    _tell(handover, BACK, f"handover-back-{handover.uuid}", {}, now=now)


def _tell(handover: Handover, name: str, key: str, facts: dict, *, now: datetime) -> None:
    tell_person(
        beneficiary=handover.pathway.beneficiary,
        key=key,
        kind=MessageKind.ACT,
        news=News(name, handover.uuid, facts),
        with_sms=True,
        now=now,
    )


def _told(letter: Letter) -> Handover | None:
    told = Handover.objects.select_related(
        "pathway__beneficiary", "colleague__user", "colleague__site", "former__user", "former__site"
    )
    return told.filter(uuid=letter.news.uuid).first()


def _given_words(letter: Letter) -> Words | None:
    handover, facts = _told(letter), letter.news.facts
    if handover is None:
        return None
    site = handover.colleague.site
    if letter.channel == MessageChannel.SMS:
        kept = "" if facts["is_replaced"] else " Vos rendez-vous sont maintenus."
        name = handover.colleague.user.full_name
        return Words(f"Votre interlocuteur change : {name}.{kept} {site.phone}")
    context = {
        "handover": handover,
        "person": handover.pathway.beneficiary,
        "given": [
            {"starts_at": datetime.fromisoformat(starts_at), "zone": zone}
            for starts_at, zone in facts["given"]
        ],
        "site": site,
        "is_replaced": facts["is_replaced"],
    }
    return Words(render_to_string("operators/moving/handovers/mail/handed_over.txt", context), SUBJECT)


def _back_words(letter: Letter) -> Words | None:
    handover = _told(letter)
    if handover is None:
        return None
    site = handover.former.site
    if letter.channel == MessageChannel.SMS:
        name = handover.former.user.full_name
        return Words(f"{name} est de retour et redevient votre interlocuteur. {site.phone}")
    context = {"handover": handover, "person": handover.pathway.beneficiary, "site": site}
    return Words(render_to_string("operators/moving/handovers/mail/back.txt", context), SUBJECT)


COMPOSERS = (Composer(GIVEN, _given_words), Composer(BACK, _back_words))
