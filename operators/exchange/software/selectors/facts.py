"""What a software reads of its operator's work: appointments, requests, pathways and sessions, as facts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from beneficiaries.request.models import ServiceRequest
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.software.rules import SoftwareUser


def own_appointments(
    *,
    user: SoftwareUser,
    since: datetime | None = None,
    until: datetime | None = None,
    state: str = "",
) -> QuerySet[Appointment]:
    """The operator's appointments whatever their channel, holds left out; another's do not exist.

    Those that start from `since` on and before `until`.
    """
    own = (
        Appointment.objects.visible_to(user)  # type: ignore[arg-type]  # a software reads as its operator
        .filter(beneficiary__isnull=False)
        .exclude(state__in=AppointmentState.never_booked)
        .filter(_given(period__startswith__gte=since, period__startswith__lt=until, state=state))
    )
    return own.select_related(
        "site__commune",
        "site__contract",
        "service_request",
        "beneficiary",
        "moved_from",
        "moved_to",
    ).order_by("pk")


def _given(**conditions: Any) -> Q:
    """The conditions that were asked for."""
    return Q(**{name: value for name, value in conditions.items() if value not in (None, "")})


def own_appointment(*, user: SoftwareUser, uuid: UUID) -> Appointment | None:
    return own_appointments(user=user).filter(uuid=uuid).first()


def own_requests(
    *,
    user: SoftwareUser,
    since: datetime | None = None,
    until: datetime | None = None,
    state: str = "",
) -> QuerySet[ServiceRequest]:
    """What was asked of the operator in a period by people whom it can reach; frozen files left out."""
    own = ServiceRequest.objects.visible_to(user).with_person()  # type: ignore[arg-type]  # a software reads as its operator
    asked = own.filter(_given(requested_at__gte=since, requested_at__lt=until, state=state))
    return asked.select_related("beneficiary", "commune__department")


def own_request(*, user: SoftwareUser, reference: str) -> ServiceRequest | None:
    return own_requests(user=user).filter(reference=reference).first()


def own_pathways(
    *, user: SoftwareUser, since: date | None = None, until: date | None = None, state: str = ""
) -> QuerySet[Pathway]:
    """The pathways of the operator's contracts that entered in a period, as facts.

    `Pathway.visible_to` gives files, and a software reads none: this is the other way in (ADR 0039), with
    the same two limits, the operator's own contracts and no frozen file, and nobody erased.
    """
    own = Pathway.objects.filter(
        contract__holder=user.mandate.organisation_id,
        beneficiary__restricted_at__isnull=True,
        beneficiary__erased_at__isnull=True,
    )
    entered = own.filter(_given(entered_on__gte=since, entered_on__lt=until, state=state))
    return entered.select_related("beneficiary", "service_request", "adviser__site")


def own_pathway(*, user: SoftwareUser, uuid: UUID) -> Pathway | None:
    return own_pathways(user=user).filter(uuid=uuid).first()


def own_sessions(
    *,
    user: SoftwareUser,
    since: datetime | None = None,
    until: datetime | None = None,
    recorded_since: datetime | None = None,
    pathway: UUID | None = None,
) -> QuerySet[CounsellingSession]:
    """The sessions of these pathways: those held in a period, those recorded since an instant."""
    held = CounsellingSession.objects.filter(
        _given(
            starts_at__gte=since,
            starts_at__lt=until,
            recorded_at__gte=recorded_since,
            pathway__uuid=pathway,
        ),
        pathway__in=own_pathways(user=user),
    )
    return held.select_related("pathway", "appointment", "adviser", "site")


def own_session(*, user: SoftwareUser, uuid: UUID) -> CounsellingSession | None:
    return own_sessions(user=user).filter(uuid=uuid).first()


def session_of(*, user: SoftwareUser, appointment: Appointment) -> CounsellingSession | None:
    return own_sessions(user=user).filter(appointment=appointment).first()
