from datetime import datetime

from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.booking.agenda.hooks import Change, Event
from operators.booking.agenda.models import Appointment
from operators.booking.demand import selectors
from operators.booking.demand.enums import AlertState, EntryState
from operators.booking.demand.models import EarlierAlert, WaitingEntry
from operators.booking.demand.services.alerts import end_alert, withdraw_offers_of
from operators.booking.demand.services.call_backs import end_by_booking
from operators.booking.demand.services.waiting import end_entry


def follow(change: Change) -> None:
    """Keep the list true to what was just booked, moved or cancelled, in that very transaction.

    Who has an appointment, wherever it was booked, waits no longer; an alert follows its appointment.
    """
    if change.event == Event.BOOKED:
        _after_booking(change.appointment, now=change.now)
    elif change.event == Event.MOVED:
        _after_move(change.appointment, now=change.now)
    else:
        _after_cancellation(change.appointment, now=change.now)
    if change.event != Event.BOOKED:
        later(TaskName.OFFER_FREE_SLOTS, contract_id=change.appointment.site.contract_id)


def _after_booking(appointment: Appointment, *, now: datetime) -> None:
    person, request = appointment.beneficiary, appointment.service_request
    if person is None or not selectors.has_live_demand(
        beneficiary_id=person.pk, service_request_id=request.pk if request else None
    ):
        return
    waiting = WaitingEntry.objects.select_for_update(of=("self",)).waiting().filter(beneficiary=person)
    for entry in waiting.order_by("pk"):
        end_entry(entry, EntryState.BOOKED, by=None, now=now)
    if request is not None:
        end_by_booking(service_request=request, by=None, now=now)


def _after_move(moved: Appointment, *, now: datetime) -> None:
    _after_booking(moved, now=now)  # what was cancelled by the service may have begun to wait meanwhile
    alert = _active_alert(moved.moved_from)
    if alert is None:
        return
    withdraw_offers_of(alert, by=None, now=now)
    alert.appointment = moved
    alert.save(update_fields=["appointment"])


def _after_cancellation(cancelled: Appointment, *, now: datetime) -> None:
    alert = _active_alert(cancelled)
    if alert is not None:
        end_alert(alert, AlertState.OVER, by=None, now=now)


def _active_alert(appointment: Appointment | None) -> EarlierAlert | None:
    return (
        EarlierAlert.objects.select_for_update(of=("self",))
        .filter(appointment=appointment, state=AlertState.ACTIVE)
        .first()
    )
