from datetime import datetime

from django.db import transaction

from beneficiaries.request.services.guard import lock_file, lock_person
from cep_portal.accounts.models import User
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import confirm_hold, lock_request, move_appointment
from operators.booking.demand import notices, selectors
from operators.booking.demand.enums import AlertState, OfferState
from operators.booking.demand.errors import OfferOver
from operators.booking.demand.models import SlotOffer
from operators.booking.demand.services.alerts import end_alert
from operators.booking.demand.services.ends import end_offer
from operators.booking.demand.services.waiting import count_unanswered

GONE = "Cette place n’est plus libre. Rien n’est réservé."
OVER = {
    OfferState.DECLINED: "Vous avez déjà refusé cette place.",
    OfferState.EXPIRED: "Le délai pour répondre est passé : la place est proposée à d’autres.",
    OfferState.WITHDRAWN: GONE,
}


@transaction.atomic
def accept_offer(*, offer: SlotOffer, now: datetime, actor: User | None = None) -> Appointment:
    """Book exactly the slot offered, or move to it for who would come earlier; a second yes is the same.

    Raises OfferOver when the offer was refused, is over or withdrawn, or when its slot is no longer kept;
    TooManyBookings, PersonAlreadyBooked, TooLateToChange as any booking or move: the offer then stands.
    """
    lock_request(offer.appointment.service_request)
    lock_person(offer.beneficiary_id)
    offer = _locked(offer)
    if offer.state == OfferState.ACCEPTED and offer.booked is not None:
        return offer.booked
    _require_pending(offer, now=now)
    if offer.appointment.state != AppointmentState.ON_HOLD:
        raise OfferOver(GONE)
    # Closed first: what follows the booking withdraws the other offers of this person, not this one.
    end_offer(offer, OfferState.ACCEPTED, by=actor, now=now)
    try:
        booked = _move(offer, now=now, actor=actor) if offer.alert else _book(offer, now=now, actor=actor)
    except SlotTaken as refusal:
        raise OfferOver(GONE) from refusal
    offer.booked = booked
    offer.save(update_fields=["booked"])
    return booked


def _book(offer: SlotOffer, *, now: datetime, actor: User | None) -> Appointment:
    return confirm_hold(
        appointment=offer.appointment,
        beneficiary=offer.beneficiary,
        idempotency_key=offer.uuid,
        now=now,
        actor=actor,
    )


def _move(offer: SlotOffer, *, now: datetime, actor: User | None) -> Appointment:
    alert, kept = offer.alert, offer.appointment
    if alert is None:
        raise ValueError("only an alert moves an appointment")
    end_alert(alert, AlertState.MET, by=actor, now=now)
    return move_appointment(
        appointment=alert.appointment,
        site=kept.site,
        starts_at=kept.starts_at,
        level=kept.level,
        mode=kept.mode,
        now=now,
        actor=actor,
        offered=kept,
    )


@transaction.atomic
def decline_offer(*, offer: SlotOffer, now: datetime, actor: User | None = None) -> SlotOffer:
    """No to this slot: it goes to the next person, and the place in the list is kept.

    Raises OfferOver when the offer is no longer pending.
    """
    offer = _locked(offer)
    _require_pending(offer, now=now)
    end_offer(offer, OfferState.DECLINED, by=actor, now=now)
    if offer.entry is not None and offer.entry.unanswered:
        offer.entry.unanswered = 0
        offer.entry.save(update_fields=["unanswered"])
    later(TaskName.OFFER_FREE_SLOTS, contract_id=offer.appointment.site.contract_id)
    return offer


def _require_pending(offer: SlotOffer, *, now: datetime) -> None:
    if offer.state != OfferState.PENDING:
        raise OfferOver(OVER.get(OfferState(offer.state), "Vous avez déjà accepté cette place."))
    if offer.expires_at <= now:
        raise OfferOver(OVER[OfferState.EXPIRED])


def _locked(offer: SlotOffer) -> SlotOffer:
    """The offer as it is now: request, person, then its row (ADR 0010)."""
    lock_request(offer.appointment.service_request)
    lock_file(offer.beneficiary)
    return (
        SlotOffer.objects.select_for_update(of=("self",))
        .select_related(
            "entry",
            "alert__appointment__site__contract",
            "beneficiary",
            "booked",
            "appointment__site__contract",
            "appointment__site__commune",
            "appointment__service_request",
        )
        .get(pk=offer.pk)
    )


def settle_offers(*, now: datetime) -> int:
    """Close the offers whose hour is over or whose slot is lost; returns how many. Safe to run twice.

    Each in a transaction of its own: one person's row never holds the others.
    """
    return sum(_settle(offer, now=now) for offer in selectors.offers_over(now=now))


@transaction.atomic
def _settle(offer: SlotOffer, *, now: datetime) -> bool:
    offer = _locked(offer)
    is_lost = offer.appointment.state != AppointmentState.ON_HOLD
    if offer.state != OfferState.PENDING or (offer.expires_at > now and not is_lost):
        return False
    if offer.expires_at <= now:
        end_offer(offer, OfferState.EXPIRED, by=None, now=now)
        if offer.entry is not None:
            count_unanswered(offer.entry, now=now)
    else:
        end_offer(offer, OfferState.WITHDRAWN, by=None, now=now)
        notices.tell_withdrawn(offer, now=now)
    return True
