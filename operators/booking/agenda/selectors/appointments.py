"""What is held or booked: of a request, of a person."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.common.compiled import Ask, Compiled, prepared
from cep_portal.messaging.models import Message
from cep_portal.messaging.selectors import messages_by_key
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment


class Fact(NamedTuple):
    """What a hold must know of another appointment."""

    pk: int
    uuid: UUID
    adviser_id: int
    state: str
    starts_at: datetime
    hold_expires_at: datetime | None
    zone: str


def holds_and_meetings(*, service_request: ServiceRequest) -> list[Fact]:
    """The holds of a request, offers apart, and the meetings of its person, past and to come; one query."""
    with prepared() as cursor:
        cursor.execute(
            """
            SELECT one.id, one.uuid, one.adviser_id, one.state, lower(one.period), one.hold_expires_at,
                site.zone
            FROM operators_appointment AS one
            JOIN operators_site AS site ON site.id = one.site_id
            WHERE one.service_request_id = %s AND one.state = 'ON_HOLD' AND NOT one.is_offer
                OR one.beneficiary_id = %s AND one.state IN ('ATTENDED', 'BOOKED')
            """,
            [service_request.pk, service_request.beneficiary_id],
        )
        return [Fact(*row) for row in cursor.fetchall()]


def live_hold(*, service_request: ServiceRequest, now: datetime) -> Appointment | None:
    if not service_request.is_written:
        return None
    return _LIVE_HOLD.first(request=service_request.pk, now=now)


_LIVE_HOLD = Compiled(
    lambda: (
        Appointment.objects.filter(
            service_request=Ask("request"),
            state=AppointmentState.ON_HOLD,
            is_offer=False,  # an offer is for who has its link
            hold_expires_at__gt=Ask("now"),
        )
        .select_related("site__commune")
        .order_by("-pk")[:1]
    )
)


def coming_of_request(*, service_request: ServiceRequest, now: datetime) -> Appointment | None:
    """The next booked appointment of a request, or None."""
    if not service_request.is_written:
        return None
    return (
        Appointment.objects.not_over(now)
        .filter(service_request=service_request)
        .order_by("period", "pk")
        .first()
    )


def bookings_of_request(*, service_request: ServiceRequest) -> QuerySet[Appointment]:
    """Every appointment ever booked for a request, with its place and what it was moved to; one query."""
    booked = service_request.appointments.filter(booked_at__isnull=False)
    return booked.select_related("site__commune", "moved_to").order_by("booked_at", "pk")


def became(*, appointment: Appointment) -> Appointment | None:
    """What an appointment became, however often it was moved; None when it never was."""
    latest = None
    after = Appointment.objects.select_related("site")
    while moved := after.filter(moved_from=latest or appointment).first():
        latest = moved
    return latest


def next_appointment(*, beneficiary: Beneficiary, now: datetime) -> Appointment | None:
    return (
        Appointment.objects.not_over(now)
        .filter(beneficiary=beneficiary)
        .select_related("site__commune")
        .order_by("period", "pk")
        .first()
    )


def coming_of(*, beneficiary: Beneficiary, now: datetime) -> list[Appointment]:
    """A person's appointments not over, soonest first, with what a page says of each; one query."""
    return list(appointments_of(beneficiary=beneficiary, now=now)[0].select_related("service_request"))


PAST_SHOWN = 50


def appointments_of(
    *, beneficiary: Beneficiary, now: datetime
) -> tuple[QuerySet[Appointment], QuerySet[Appointment]]:
    """A person's appointments: booked and to come, soonest first; the others, latest first; two queries.

    A move shows once: the former booking is left out, as the holds that led to nothing.
    """
    known = Appointment.objects.filter(beneficiary=beneficiary).select_related("site__commune")
    coming = known.not_over(now)
    over = known.exclude(state__in=AppointmentState.never_booked).exclude(pk__in=coming.values("pk"))
    over = over.exclude(state=AppointmentState.CANCELLED, moved_to__isnull=False)
    return coming.order_by("period", "pk"), over.order_by("-period", "-pk")[:PAST_SHOWN]


CONFIRMING = ("booked", "moved", "changed")


def confirmations_of(*, appointment: Appointment) -> list[Message]:
    """The messages that confirm an appointment as it stands; none when nobody could be written to."""
    keys = [appointment.message_key(act) for act in CONFIRMING]
    return [message for written in messages_by_key(keys=keys).values() for message in written]
