"""What the person is told, in the transaction of the act; no subject names the service."""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import send_to_person
from cep_portal.common.wording.dates import long_instant, short_instant
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.hooks import Told
from cep_portal.messaging.rules import gsm7, phones
from cep_portal.messaging.services import About, enqueue_sms
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.notices import minutes
from operators.booking.demand import links
from operators.booking.demand.enums import OfferState
from operators.booking.demand.models import CallBack, SlotOffer, WaitingEntry

ABOUT_OFFER = "slot_offer"


def still_open(told: Told) -> bool:
    """An offer answered, over or withdrawn is not announced."""
    return SlotOffer.objects.filter(
        uuid=told.uuid,
        state=OfferState.PENDING,
        expires_at__gt=told.now,
        appointment__state=AppointmentState.ON_HOLD,
    ).exists()


def tell_offered(offer: SlotOffer, *, now: datetime) -> None:
    kept, link = offer.appointment, links.offer_link(offer)
    context = {
        "offer": offer,
        "appointment": kept,
        "site": kept.site,
        "minutes": minutes(kept),
        "link": link,
        "other_adviser": is_other_adviser(offer),
    }
    name = "earlier" if offer.alert else "offered"
    send_to_person(
        beneficiary=offer.beneficiary,
        key=f"slot-offer:{offer.uuid}",
        kind=MessageKind.ALERT if offer.alert else MessageKind.OFFER,
        subject="Une place se libère pour un rendez-vous",
        body=render_to_string(f"operators/booking/demand/mail/{name}.txt", context),
        sms_text=_sms(offer, link),
        about=About(ABOUT_OFFER, offer.uuid),
        lifetime=offer.expires_at - now,
        now=now,
    )


def _sms(offer: SlotOffer, link: str) -> str:
    """The fullest text that fits in one SMS; the page says the rest."""
    zone = offer.appointment.site.zone
    day, until = short_instant(offer.appointment.starts_at, zone), short_instant(offer.expires_at, zone)
    texts = (
        f"Rendez-vous possible {day}. A confirmer avant {until} : {link}",
        f"Rendez-vous possible {day} : {link}",
    )
    fitting = (text for text in texts if gsm7.septets(gsm7.transliterated(text)) <= gsm7.ONE_PART)
    return next(fitting, "")


def is_other_adviser(offer: SlotOffer) -> bool:
    return offer.alert is not None and offer.alert.appointment.adviser_id != offer.appointment.adviser_id


def tell_left_unanswered(entry: WaitingEntry, *, now: datetime) -> None:
    """The person left the list without saying so: they are told, once, with the way back."""
    link = links.way_out_link(entry.service_request)
    send_to_person(
        beneficiary=entry.beneficiary,
        key=f"waiting-unanswered:{entry.uuid}",
        kind=MessageKind.ACT,
        subject="Votre attente d’un rendez-vous",
        body=render_to_string("operators/booking/demand/mail/unanswered.txt", {"entry": entry, "link": link}),
        now=now,
    )


def tell_withdrawn(offer: SlotOffer, *, now: datetime) -> None:
    """The slot could not be kept (an absence, a closure): the place in the list stands."""
    send_to_person(
        beneficiary=offer.beneficiary,
        key=f"slot-offer-withdrawn:{offer.uuid}",
        kind=MessageKind.ACT,
        subject="Une place qui n’est plus libre",
        body=render_to_string(
            "operators/booking/demand/mail/withdrawn.txt",
            {
                "offer": offer,
                "when": long_instant(offer.appointment.starts_at, offer.appointment.site.zone),
            },
        ),
        now=now,
    )


def tell_unreached(call_back: CallBack, *, now: datetime) -> None:
    """Three calls without an answer: a message with a link, by what is known of the person."""
    link = links.way_out_link(call_back.service_request)
    person = call_back.service_request.beneficiary
    text = f"Nous avons essaye de vous joindre. Choisir une date ou un autre rappel : {link}"
    if person is not None:
        send_to_person(
            beneficiary=person,
            key=f"call-back-unreached:{call_back.uuid}",
            kind=MessageKind.ACT,
            subject="Nous avons essayé de vous appeler",
            body=render_to_string(
                "operators/booking/demand/mail/unreached.txt", {"call_back": call_back, "link": link}
            ),
            sms_text=text if gsm7.septets(text) <= gsm7.ONE_PART else "",
            now=now,
        )
    elif sms.is_available() and phones.mobile(call_back.phone) and gsm7.septets(text) <= gsm7.ONE_PART:
        enqueue_sms(
            key=f"call-back-unreached:{call_back.uuid}:sms", number=call_back.phone, text=text, now=now
        )
