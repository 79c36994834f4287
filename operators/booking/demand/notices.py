"""What the person is told: left in the transaction of the act, in words at its sending.

No subject names the service.
"""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import tell_person
from beneficiaries.request.wording import reference_line
from cep_portal.common import phones
from cep_portal.common.wording.dates import long_instant, short_instant
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.hooks import Composer, Told
from cep_portal.messaging.rules import gsm7
from cep_portal.messaging.services import About, Letter, News, Words, enqueue_news
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.wording import minutes
from operators.booking.demand import links
from operators.booking.demand.enums import OfferState
from operators.booking.demand.models import CallBack, SlotOffer, WaitingEntry

ABOUT_OFFER = "slot_offer"
FOLDER = "operators/booking/demand/mail"
OFFERED, WITHDRAWN = "slot_offer.offered", "slot_offer.withdrawn"
UNANSWERED, UNREACHED = "waiting.unanswered", "call_back.unreached"


def still_open(told: Told) -> bool:
    """An offer answered, over or withdrawn is not announced."""
    return SlotOffer.objects.filter(
        uuid=told.uuid,
        state=OfferState.PENDING,
        expires_at__gt=told.now,
        appointment__state=AppointmentState.ON_HOLD,
    ).exists()


def tell_offered(offer: SlotOffer, *, now: datetime) -> None:
    tell_person(
        beneficiary=offer.beneficiary,
        key=f"slot-offer:{offer.uuid}",
        kind=MessageKind.ALERT if offer.alert else MessageKind.OFFER,
        news=News(OFFERED, offer.uuid),
        with_sms=bool(_offered_sms(offer)),
        about=About(ABOUT_OFFER, offer.uuid),
        lifetime=offer.expires_at - now,
        now=now,
    )


def tell_left_unanswered(entry: WaitingEntry, *, now: datetime) -> None:
    """The person left the list without saying so: they are told, once, with the way back."""
    tell_person(
        beneficiary=entry.beneficiary,
        key=f"waiting-unanswered:{entry.uuid}",
        kind=MessageKind.ACT,
        news=News(UNANSWERED, entry.uuid),
        now=now,
    )


def tell_withdrawn(offer: SlotOffer, *, now: datetime) -> None:
    """The slot could not be kept (an absence, a closure): the place in the list stands."""
    tell_person(
        beneficiary=offer.beneficiary,
        key=f"slot-offer-withdrawn:{offer.uuid}",
        kind=MessageKind.ACT,
        news=News(WITHDRAWN, offer.uuid),
        now=now,
    )


def tell_unreached(call_back: CallBack, *, now: datetime) -> None:
    """Three calls without an answer: a message with a link, by what is known of the person."""
    person, news = call_back.service_request.beneficiary, News(UNREACHED, call_back.uuid)
    key, fits = f"call-back-unreached:{call_back.uuid}", _fits(_unreached_sms(call_back))
    if person is not None:
        tell_person(beneficiary=person, key=key, kind=MessageKind.ACT, news=news, with_sms=fits, now=now)
    elif sms.is_available() and phones.mobile(call_back.phone) and fits:
        enqueue_news(
            key=f"{key}:sms", channel=MessageChannel.SMS, recipient=call_back.phone, news=news, now=now
        )


def is_other_adviser(offer: SlotOffer) -> bool:
    return offer.alert is not None and offer.alert.appointment.adviser_id != offer.appointment.adviser_id


def _offer_told(letter: Letter) -> SlotOffer | None:
    told = SlotOffer.objects.select_related(
        "beneficiary", "alert__appointment", "appointment__site__commune", "appointment__service_request"
    )
    return told.filter(uuid=letter.news.uuid).first()


def _offered_words(letter: Letter) -> Words | None:
    offer = _offer_told(letter)
    if offer is None:
        return None
    if letter.channel == MessageChannel.SMS:
        return Words(_offered_sms(offer))
    kept = offer.appointment
    context = {
        "offer": offer,
        "appointment": kept,
        "site": kept.site,
        "minutes": minutes(kept),
        "link": links.offer_link(offer),
        "other_adviser": is_other_adviser(offer),
        "asked": reference_line(kept.service_request),
    }
    name = "earlier" if offer.alert else "offered"
    return Words(render_to_string(f"{FOLDER}/{name}.txt", context), "Une place se libère pour un rendez-vous")


def _offered_sms(offer: SlotOffer) -> str:
    """The fullest text that fits in one SMS, if any does; the page says the rest."""
    zone, link = offer.appointment.site.zone, links.offer_link(offer)
    day, until = short_instant(offer.appointment.starts_at, zone), short_instant(offer.expires_at, zone)
    texts = (
        f"Rendez-vous possible {day}. A confirmer avant {until} : {link}",
        f"Rendez-vous possible {day} : {link}",
    )
    plain = (text.replace(NO_BREAK_SPACE, " ") for text in texts)
    return next((text for text in plain if _fits(text)), "")


def _withdrawn_words(letter: Letter) -> Words | None:
    offer = _offer_told(letter)
    if offer is None:
        return None
    when = long_instant(offer.appointment.starts_at, offer.appointment.site.zone)
    body = render_to_string(
        f"{FOLDER}/withdrawn.txt",
        {"offer": offer, "when": when, "asked": reference_line(offer.appointment.service_request)},
    )
    return Words(body, "Une place qui n’est plus libre")


def _unanswered_words(letter: Letter) -> Words | None:
    told = WaitingEntry.objects.select_related("beneficiary", "service_request")
    entry = told.filter(uuid=letter.news.uuid).first()
    if entry is None:
        return None
    link = links.way_out_link(entry.service_request)
    body = render_to_string(
        f"{FOLDER}/unanswered.txt",
        {"entry": entry, "link": link, "asked": reference_line(entry.service_request)},
    )
    return Words(body, "Votre attente d’un rendez-vous")


def _unreached_words(letter: Letter) -> Words | None:
    told = CallBack.objects.select_related("service_request")
    call_back = told.filter(uuid=letter.news.uuid).first()
    if call_back is None:
        return None
    if letter.channel == MessageChannel.SMS:
        return Words(_unreached_sms(call_back))
    asked = call_back.service_request
    context = {
        "call_back": call_back,
        "link": links.way_out_link(asked),
        "asked": reference_line(asked),
    }
    return Words(render_to_string(f"{FOLDER}/unreached.txt", context), "Nous avons essayé de vous appeler")


def _unreached_sms(call_back: CallBack) -> str:
    link = links.way_out_link(call_back.service_request)
    return f"Nous avons essaye de vous joindre. Choisir une date ou un autre rappel : {link}"


def _fits(text: str) -> bool:
    return gsm7.septets(gsm7.transliterated(text)) <= gsm7.ONE_PART


COMPOSERS = (
    Composer(OFFERED, _offered_words),
    Composer(WITHDRAWN, _withdrawn_words),
    Composer(UNANSWERED, _unanswered_words),
    Composer(UNREACHED, _unreached_words),
)
