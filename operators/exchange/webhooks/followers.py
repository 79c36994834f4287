"""What the rooms below tell, made into events: identifiers and states only."""

from datetime import datetime

from beneficiaries.request.models import ServiceRequest
from operators.booking.agenda import registry as agenda
from operators.booking.agenda.models import Appointment
from operators.casework.pathways import registry as pathways
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.webhooks.enums import EventKind
from operators.exchange.webhooks.services import announce

OF_AGENDA = {
    agenda.Event.BOOKED: EventKind.APPOINTMENT_BOOKED,
    agenda.Event.MOVED: EventKind.APPOINTMENT_MOVED,
    agenda.Event.CANCELLED: EventKind.APPOINTMENT_CANCELLED,
}
OF_PATHWAYS = {
    pathways.Event.ATTENDED: EventKind.APPOINTMENT_ATTENDED,
    pathways.Event.NO_SHOW: EventKind.APPOINTMENT_NO_SHOW,
    pathways.Event.CANCELLED: EventKind.APPOINTMENT_CANCELLED,
    pathways.Event.LOGGED: EventKind.SESSION_LOGGED,
    pathways.Event.ENTERED: EventKind.PATHWAY_ENTERED,
    pathways.Event.REOPENED: EventKind.PATHWAY_REOPENED,
    pathways.Event.CONTINUED: EventKind.PATHWAY_CONTINUED,
    pathways.Event.CLOSED: EventKind.PATHWAY_CLOSED,
}


def follow_appointments(*, event: agenda.Event, appointment: Appointment, now: datetime) -> None:
    kind = OF_AGENDA[event]
    data = _appointment(appointment)
    if event is agenda.Event.MOVED and appointment.moved_from is not None:
        data["moved_from"] = str(appointment.moved_from.uuid)
    announce(kind=kind, data=data, site_id=appointment.site_id, now=now)


def follow_pathways(
    *, event: pathways.Event, subject: Appointment | CounsellingSession | Pathway, now: datetime
) -> None:
    kind = OF_PATHWAYS[event]
    if isinstance(subject, Pathway):
        data = {"id": str(subject.uuid), "state": subject.state}
        announce(kind=kind, data=data, contract_id=subject.contract_id, now=now)
    elif isinstance(subject, CounsellingSession):
        announce(kind=kind, data=_session(subject), site_id=subject.site_id, now=now)
    else:
        announce(kind=kind, data=_appointment(subject), site_id=subject.site_id, now=now)


def follow_requests(*, service_request: ServiceRequest, now: datetime) -> None:
    data = {"reference": service_request.reference, "state": service_request.state}
    announce(kind=EventKind.REQUEST_REGISTERED, data=data, contract_id=service_request.contract_id, now=now)


def follow_deliveries(*, delivery: DataDelivery, now: datetime) -> None:
    data = {"id": str(delivery.uuid), "state": delivery.state, "is_trial": delivery.is_trial}
    announce(kind=EventKind.DELIVERY_FINISHED, data=data, organisation_id=delivery.organisation_id, now=now)


def _appointment(one: Appointment) -> dict[str, object]:
    return {"id": str(one.uuid), "state": str(one.state)}


def _session(one: CounsellingSession) -> dict[str, object]:
    return {
        "id": str(one.uuid),
        "pathway": str(one.pathway.uuid),
        "appointment": str(one.appointment.uuid) if one.appointment else None,
    }
