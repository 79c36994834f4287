from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from beneficiaries.request.enums import RequestState
from beneficiaries.request.models import Beneficiary, ServiceRequest, open_file
from beneficiaries.request.rules import is_under_way
from beneficiaries.request.selectors import asked_here
from cep_portal.accounts.models import User
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment, AppointmentQuerySet
from operators.booking.agenda.presenters.slot_search import LEVELS, MODES
from operators.booking.demand.enums import CallBackState
from operators.booking.demand.models import CallBack, WaitingEntry
from operators.casework.desk.selectors import people_of
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.network.models import Adviser
from operators.reception.calls.rules import ANSWERED_WITHIN

MOST_PROPOSED = 12


def unanswered_requests(*, user: User, is_ended: bool = False) -> QuerySet[ServiceRequest]:
    """The operator's requests that wait for an appointment, oldest first; no note, no pathway.

    Those that its own software delivered are answered there: they are in no queue here.
    Only those with somebody to call or write to: the person, or the number of a promised call. Each says
    whether its person `is_waiting` in the list for a place. With `is_ended`, those that the team ended
    without an appointment.
    """
    promised = CallBack.objects.filter(service_request=OuterRef("pk"), state=CallBackState.DUE)
    booked = Appointment.objects.filter(
        Q(service_request=OuterRef("pk")) | Q(beneficiary=OuterRef("beneficiary")),
        state=AppointmentState.BOOKED,
    )
    listed = WaitingEntry.objects.waiting().filter(service_request=OuterRef("pk"))
    return (
        ServiceRequest.objects.visible_to(user)
        .filter(~Exists(booked), state=RequestState.REGISTERED, is_delivered=False)
        .filter(Exists(promised) | Q(beneficiary__isnull=False), beneficiary__restricted_at__isnull=True)
        .filter(beneficiary__erased_at__isnull=True)
        .filter(handling__ended_at__isnull=not is_ended)
        .annotate(is_waiting=Exists(listed))
        .select_related("beneficiary", "commune", "handling__taken_by")
        .order_by("requested_at", "pk")
    )


def only(
    requests: QuerySet[ServiceRequest], *, user: User, whose: str, now: datetime, late: bool, access: bool
) -> QuerySet[ServiceRequest]:
    """Those that nobody took (`libres`) or that the user did (`moi`), late, with an access need."""
    if whose == "libres":
        requests = requests.filter(handling__taken_by__isnull=True)
    elif whose == "moi":
        requests = requests.filter(handling__taken_by=user)
    if late:
        requests = requests.filter(requested_at__lt=now - ANSWERED_WITHIN)
    return requests.filter(access_needs__len__gt=0) if access else requests


def asked_request(*, user: User, reference: str) -> ServiceRequest | None:
    """A written request of the operator, by its reference."""
    return ServiceRequest.objects.visible_to(user).filter(reference=reference).first()


def request_on_line(
    *, user: User, reference: str, session: SessionBase, now: datetime
) -> ServiceRequest | None:
    """A request of the operator, written or under way in the agent's session, with what a week of slots
    needs; one query when written. Raises AnswersGone when the session is over.
    """
    if is_under_way(reference):
        asked = asked_here(reference=reference, session=session, user=user, now=now)
        is_own = asked is not None and asked.contract.holder_id == user.organisation_id
        return asked if is_own else None
    requests = ServiceRequest.objects.visible_to(user).filter(
        beneficiary__restricted_at__isnull=True, beneficiary__erased_at__isnull=True
    )
    return (
        requests.filter(reference=reference)
        .select_related("beneficiary", "contract__holder", "commune__department__region")
        .first()
    )


def hold_on_line(*, user: User, uuid: UUID) -> Appointment | None:
    """A slot held, or just booked, for a request of the operator."""
    holds = Appointment.objects.visible_to(user).filter(
        open_file("service_request__beneficiary__"), service_request__isnull=False, uuid=uuid
    )
    return holds.select_related(
        "site__commune", "site__contract", "adviser__user", "beneficiary", "service_request__beneficiary"
    ).first()


def caller(*, user: User, uuid: UUID) -> Beneficiary | None:
    return people_of(user=user).filter(uuid=uuid).first()


def appointments_of(*, user: User, beneficiary: Beneficiary) -> AppointmentQuerySet:
    """A person's appointments at the operator, the latest first: hours and places, nothing said there."""
    own = (
        Appointment.objects.visible_to(user)
        .filter(beneficiary=beneficiary)
        .exclude(state__in=AppointmentState.never_booked)
    )
    return own.select_related("site", "service_request").order_by("-period", "-pk")


def latest_request(*, user: User, beneficiary: Beneficiary, now: datetime) -> ServiceRequest | None:
    """The person's latest request under a contract in force: the next appointment goes on from it."""
    return (
        ServiceRequest.objects.visible_to(user)
        .filter(beneficiary=beneficiary, contract__ends_on__gte=now.date())
        .order_by("-requested_at", "-pk")
        .first()
    )


def booked_on_line(*, user: User, uuid: UUID) -> Appointment | None:
    """A booked appointment of the operator with all that moving or cancelling it shows."""
    booked = Appointment.objects.visible_to(user).filter(beneficiary__isnull=False, uuid=uuid)
    return (
        booked.exclude(state__in=AppointmentState.never_booked)
        .select_related(
            "site__commune",
            "site__contract",
            "beneficiary",
            "service_request__contract",
            "service_request__commune__department",
        )
        .first()
    )


def like_last_time(*, user: User, beneficiary: Beneficiary) -> dict[str, str]:
    """The level and mode of the person's latest appointment, as the address of a week of slots says them."""
    last = appointments_of(user=user, beneficiary=beneficiary).first()
    if last is None:
        return {}
    return {
        "niveau": next(key for key, level in LEVELS.items() if level == last.level),
        "modalite": next(key for key, mode in MODES.items() if mode == last.mode),
    }


def people_to_receive(*, user: User, adviser: Adviser, now: datetime) -> Sequence[Beneficiary]:
    """Who may be received by an adviser at a free hour; one query.

    People of the adviser's contract without an appointment to come: whom the adviser follows, then the oldest
    request.
    """
    asked = ServiceRequest.objects.visible_to(user).filter(
        beneficiary=OuterRef("pk"), contract=adviser.site.contract_id, is_delivered=False
    )
    booked = Appointment.objects.to_come(now).filter(beneficiary=OuterRef("pk"))
    followed = Pathway.objects.filter(
        beneficiary=OuterRef("pk"), adviser=adviser, state=PathwayState.OPEN, joined_into__isnull=True
    )
    waiting = asked.filter(state=RequestState.REGISTERED)
    people = people_of(user=user).filter(
        Exists(waiting) | (Exists(asked) & Exists(followed)), ~Exists(booked)
    )
    return list(
        people.annotate(
            is_followed=Exists(followed),
            asked_at=Subquery(asked.order_by("-requested_at").values("requested_at")[:1]),
        ).order_by("-is_followed", "asked_at", "pk")[:MOST_PROPOSED]
    )


def person_of_link(*, appointment: UUID) -> Beneficiary | None:
    """The person of a coming appointment, for whoever holds its signed link."""
    booked = Appointment.objects.filter(uuid=appointment, state=AppointmentState.BOOKED)
    found = booked.select_related("beneficiary").first()
    return found.beneficiary if found else None
