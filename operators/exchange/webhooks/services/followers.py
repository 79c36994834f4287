"""What the rooms below tell, made into events: identifiers and states only."""

from beneficiaries.request.hooks import Registered
from operators.booking.agenda import hooks as agenda
from operators.booking.agenda.models import Appointment
from operators.casework.pathways import hooks as pathways
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.deliveries.hooks import Finished
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
    pathways.Event.NO_SHOW_UNDONE: EventKind.APPOINTMENT_RESTORED,
    pathways.Event.CANCELLED: EventKind.APPOINTMENT_CANCELLED,
    pathways.Event.LOGGED: EventKind.SESSION_LOGGED,
    pathways.Event.CORRECTED: EventKind.SESSION_CORRECTED,
    pathways.Event.ENTERED: EventKind.PATHWAY_ENTERED,
    pathways.Event.REOPENED: EventKind.PATHWAY_REOPENED,
    pathways.Event.CONTINUED: EventKind.PATHWAY_CONTINUED,
    pathways.Event.CLOSED: EventKind.PATHWAY_CLOSED,
}


def follow_appointments(change: agenda.Change) -> None:
    appointment = change.appointment
    data = _appointment(appointment)
    if change.event is agenda.Event.MOVED and appointment.moved_from is not None:
        data["moved_from"] = str(appointment.moved_from.uuid)
    announce(kind=OF_AGENDA[change.event], data=data, site_id=appointment.site_id, now=change.now)


def follow_pathways(change: pathways.Change) -> None:
    kind, subject = OF_PATHWAYS[change.event], change.subject
    if isinstance(subject, Pathway):
        data = {"id": str(subject.uuid), "state": subject.state}
        announce(kind=kind, data=data, contract_id=subject.contract_id, now=change.now)
    elif isinstance(subject, CounsellingSession):
        announce(kind=kind, data=_session(subject), site_id=subject.site_id, now=change.now)
    else:
        announce(kind=kind, data=_appointment(subject), site_id=subject.site_id, now=change.now)


def follow_requests(registered: Registered) -> None:
    asked = registered.service_request
    data = {"reference": asked.reference, "state": asked.state}
    announce(kind=EventKind.REQUEST_REGISTERED, data=data, contract_id=asked.contract_id, now=registered.now)


def follow_deliveries(finished: Finished) -> None:
    delivery, now = finished.delivery, finished.now
    data = {"id": str(delivery.uuid), "state": delivery.state, "is_trial": delivery.is_trial}
    announce(kind=EventKind.DELIVERY_FINISHED, data=data, organisation_id=delivery.organisation_id, now=now)


def _appointment(appointment: Appointment) -> dict[str, object]:
    return {"id": str(appointment.uuid), "state": str(appointment.state)}


def _session(session: CounsellingSession) -> dict[str, object]:
    return {
        "id": str(session.uuid),
        "pathway": str(session.pathway.uuid),
        "appointment": str(session.appointment.uuid) if session.appointment else None,
    }
