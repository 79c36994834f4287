from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.rules import folded, is_under_way
from beneficiaries.request.selectors import asked_to_act_on
from beneficiaries.request.services.callers import with_contact
from cep_portal.accounts.models import User
from cep_portal.accounts.selectors import agents_at
from operators.booking.agenda.models import Appointment
from operators.reception.partners.models import PartnerBooking
from operators.reception.partners.rules import Doubt, doubt, is_started_here


def own_bookings(*, user: User) -> QuerySet[PartnerBooking]:
    """What the partner's organisation booked with people, the latest hour first; one query."""
    bookings = PartnerBooking.objects.visible_to(user)
    return bookings.select_related("appointment__site", "appointment__beneficiary", "present").order_by(
        "-appointment__period", "-pk"
    )


def started_request(
    *, reference: str, session: SessionBase, user: User, now: datetime
) -> ServiceRequest | None:
    """A request this browser began with the person; any other does not exist for a partner.

    Raises AnswersGone when it was under way in a session that is over.
    """
    if not is_under_way(reference) and not is_started_here(reference, session):
        return None
    asked = asked_to_act_on(reference=reference, session=session, user=user, now=now)
    return asked if asked is not None and is_started_here(reference, session) else None


def started_hold(*, uuid: UUID, session: SessionBase) -> Appointment | None:
    holds = Appointment.objects.select_related(
        "site__commune", "site__contract", "service_request__contract", "service_request__beneficiary"
    )
    appointment = holds.filter(uuid=uuid, service_request__isnull=False, is_offer=False).first()
    if appointment is None or appointment.service_request is None:
        return None
    return appointment if is_started_here(appointment.service_request.reference, session) else None


def is_own_booking(*, user: User, uuid: UUID) -> bool:
    return PartnerBooking.objects.visible_to(user).filter(appointment__uuid=uuid).exists()


def doubt_about(
    *, user: User, first_name: str, last_name: str, email: str, phone: str, now: datetime
) -> Doubt | None:
    """Whether the contact where a code would go may be somebody else's than the person's; three queries."""
    name = folded(f"{first_name} {last_name}")
    alive = Beneficiary.objects.filter(erased_at__isnull=True, merged_into__isnull=True)
    people = with_contact(alive, email=email, phone=phone)
    others = {folded(person.full_name): person.pk for person in people} if email or phone else {}
    others.pop(name, None)
    own = PartnerBooking.objects.visible_to(user).filter(appointment__beneficiary__in=people)
    names = {
        folded(booking.appointment.beneficiary.full_name)
        for booking in own.select_related("appointment__beneficiary")
        if booking.appointment.beneficiary is not None
    }
    agents = {folded(f"{agent.first_name} {agent.last_name}") for agent in agents_at(email=email, now=now)}
    return doubt(agents=agents, name=name, own=len(names - {name}), others=len(others), is_phone=not email)


def booking_of(*, appointment: UUID) -> PartnerBooking | None:
    return PartnerBooking.objects.select_related("organisation").filter(present__uuid=appointment).first()
