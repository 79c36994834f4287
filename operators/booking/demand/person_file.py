"""What waits for a person ends with the file."""

from beneficiaries.rights.hooks import FileEnd
from operators.booking.demand.enums import AlertState, CallBackState
from operators.booking.demand.models import (
    CallBack,
    EarlierAlert,
    WaitingEntry,
)
from operators.booking.demand.services import drop_call_back, leave_waiting_list, stop_earlier


def end_what_waits(file_end: FileEnd) -> None:
    """A frozen or erased file waits for nothing: no place, no call, no alert, no slot kept."""
    for entry in WaitingEntry.objects.waiting().filter(beneficiary=file_end.beneficiary).order_by("pk"):
        leave_waiting_list(entry=entry, now=file_end.now, by=file_end.by)
    asked = CallBack.objects.filter(
        service_request__beneficiary=file_end.beneficiary, state=CallBackState.DUE
    )
    for call_back in asked.select_related("service_request").order_by("pk"):
        drop_call_back(call_back=call_back, now=file_end.now)
    alerts = EarlierAlert.objects.filter(beneficiary=file_end.beneficiary, state=AlertState.ACTIVE)
    for alert in alerts.select_related("appointment__site").order_by("pk"):
        stop_earlier(appointment=alert.appointment, now=file_end.now, actor=file_end.by)
