from datetime import datetime

from django.db import transaction

from beneficiaries.request.services.guard import lock_file, lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import lock_request
from operators.booking.demand import rules
from operators.booking.demand.enums import AlertState, OfferState
from operators.booking.demand.errors import AlertRefused
from operators.booking.demand.models import EarlierAlert, SlotOffer
from operators.booking.demand.services.ends import end_offer


@transaction.atomic
def ask_earlier(
    *, appointment: Appointment, other_adviser: bool, now: datetime, actor: User | None = None
) -> EarlierAlert:
    """Tell the person when an earlier place frees, same place and mode, whatever channel booked.

    Asked again, it changes whether another adviser suits. Raises AlertRefused when the appointment is no
    longer a coming one, or too near for any place to be offered before it.
    """
    lock_request(appointment.service_request)
    present = Appointment.objects.select_related("site", "beneficiary").get(pk=appointment.pk)
    if present.beneficiary is None:
        raise AlertRefused("Ce rendez-vous n’est plus à venir.")
    person = lock_person(present.beneficiary)
    if not _is_coming(present, now=now):
        raise AlertRefused("Ce rendez-vous n’est plus à venir.")
    alert = _locked_alert(present)
    if alert is None:
        if not rules.may_come_earlier(present.starts_at, zone=present.site.zone, now=now):
            raise AlertRefused("Ce rendez-vous est trop proche pour en proposer un plus tôt.")
        alert = EarlierAlert(appointment=present, beneficiary=person, created_at=now)
    if alert.state not in (AlertState.ACTIVE, AlertState.ENDED):
        raise AlertRefused("Ce rendez-vous a déjà changé.")
    alert.other_adviser, alert.state, alert.ended_at = other_adviser, AlertState.ACTIVE, None
    alert.save()
    record(action="operators.alert.asked", target=alert, by=actor, now=now)
    later(TaskName.OFFER_FREE_SLOTS, contract_id=present.site.contract_id)
    return alert


def _is_coming(appointment: Appointment, *, now: datetime) -> bool:
    return appointment.state == AppointmentState.BOOKED and appointment.starts_at > now


def _locked_alert(appointment: Appointment) -> EarlierAlert | None:
    return EarlierAlert.objects.select_for_update(of=("self",)).filter(appointment=appointment).first()


@transaction.atomic
def stop_earlier(*, appointment: Appointment, now: datetime, actor: User | None = None) -> None:
    """No more alerts for this appointment; an earlier place offered meanwhile goes to somebody else.

    Nothing happens when none is asked.
    """
    lock_request(appointment.service_request)
    if appointment.beneficiary is not None:
        lock_file(appointment.beneficiary)
    alert = _locked_alert(appointment)
    if alert is not None and alert.state == AlertState.ACTIVE:
        end_alert(alert, AlertState.ENDED, by=actor, now=now)
        later(TaskName.OFFER_FREE_SLOTS, contract_id=appointment.site.contract_id)


def end_alert(alert: EarlierAlert, state: str, *, by: User | None, now: datetime) -> None:
    withdraw_offers_of(alert, by=by, now=now)
    alert.state, alert.ended_at = state, now
    alert.save(update_fields=["state", "ended_at"])
    record(action=f"operators.alert.{AlertState(state).name.lower()}", target=alert, by=by, now=now)


def withdraw_offers_of(alert: EarlierAlert, *, by: User | None, now: datetime) -> None:
    lock_file(alert.beneficiary)
    pending = SlotOffer.objects.select_for_update(of=("self",)).filter(alert=alert, state=OfferState.PENDING)
    for offer in pending:
        end_offer(offer, OfferState.WITHDRAWN, by=by, now=now)
