from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import AuditEvent, User
from cep_portal.common.days import local, local_day
from cep_portal.common.to_do import Reading, Tasks
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment, OpeningRule
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.hooks import Day
from operators.casework.pathways.models import CounsellingSession, Pathway, SessionCorrection
from operators.network.enums import ServiceLevel
from operators.network.models import Adviser
from procurement.contracts.selectors import rule_set_of
from procurement.tender.rules import reopening_days

OPENED = f"{Pathway._meta.label_lower}.opened"
VISIT = timedelta(hours=1)  # the openings of an hour are one visit


def adviser_of(*, user: User) -> Adviser | None:
    """The adviser's card of a user, in the organisation of the present mandate.

    Its `pair_sites` are the keys of the sites where a colleague opens hours that the two receive together.
    """
    together = OpeningRule.objects.filter(second_adviser=OuterRef("pk")).values("site_id").distinct()
    cards = Adviser.objects.select_related("site__contract").annotate(pair_sites=ArraySubquery(together))
    return cards.filter(user=user, site__contract__holder=_organisation(user)).first()


def advisers_by_key(*, keys: Collection[int]) -> dict[int, Adviser]:
    """Advisers with their name and site; one query, none without a key."""
    cards = Adviser.objects.select_related("user", "site").filter(pk__in=keys)
    return {card.pk: card for card in cards} if keys else {}


def of_adviser(tasks: Callable[[Day], Tasks]) -> Callable[[Reading], Tasks]:
    """A source of « À faire » asked of the adviser behind the account, read once; nothing without a card."""

    def answer(reading: Reading) -> Tasks:
        adviser = reading.once("adviser", lambda: adviser_of(user=reading.user))
        return Tasks() if adviser is None else tasks(Day(adviser, reading.user, reading.now))

    return answer


def _organisation(user: User) -> int | None:
    return user.mandate.organisation_id if user.mandate else None


def _with_person(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    return appointments.select_related("beneficiary", "site", "service_request", "session__pathway")


def day_appointments(*, adviser: Adviser, user: User, on: date) -> QuerySet[Appointment]:
    """What an adviser has on a local day, in time order; moved bookings and holds left out; one query."""
    midnight = datetime.combine(on, time.min, tzinfo=ZoneInfo(adviser.site.zone))
    day = DateTimeTZRange(midnight, midnight + timedelta(days=1))
    hidden = Q(state__in=AppointmentState.never_booked) | Q(
        state=AppointmentState.CANCELLED, moved_to__isnull=False
    )
    own = Appointment.objects.visible_to(user).filter(adviser=adviser, period__overlap=day)
    return _with_person(own.exclude(hidden)).order_by("period", "pk")


def appointments_to_log(*, user: User, now: datetime) -> QuerySet[Appointment]:
    """The booked appointments whose end is past, oldest first: the adviser's own, and those of the suspended.

    These fall to whoever follows the person now, else to each colleague of the place.
    """
    followed = Pathway.objects.filter(
        beneficiary=OuterRef("beneficiary"),
        contract=OuterRef("site__contract"),
        state=PathwayState.OPEN,
        adviser__is_active=True,
    )
    place = Adviser.objects.filter(user=user).values("site")
    falls_here = Exists(followed.filter(adviser__user=user)) | (
        ~Exists(followed) & Q(adviser__site__in=place)
    )
    mine = Q(adviser__user=user) | (Q(adviser__is_active=False) & falls_here)
    waiting = Appointment.objects.visible_to(user).to_log(now).filter(mine)
    return _with_person(waiting).select_related("adviser__user").order_by("period", "pk")


def appointment_to_log(*, user: User, uuid: UUID) -> Appointment | None:
    """One appointment of the adviser's organisation with all that its log shows; one query."""
    booked = Appointment.objects.visible_to(user).filter(beneficiary__isnull=False, uuid=uuid)
    return _with_person(booked).select_related("adviser__user").first()


def pathway_list(*, user: User, search: str = "", own: bool = True, state: str = "") -> QuerySet[Pathway]:
    """Pathways of the organisation, latest entry first, with what their sessions amount to; one query.

    Each word of the search begins or is inside a name, whatever the accents and the order.
    """
    pathways = Pathway.objects.visible_to(user).filter(joined_into__isnull=True)
    if own:
        pathways = pathways.filter(adviser__user=user)
    if state:
        pathways = pathways.filter(state=state)
    for word in search.split():
        pathways = pathways.filter(
            Q(beneficiary__first_name__unaccent__icontains=word)
            | Q(beneficiary__last_name__unaccent__icontains=word)
        )
    return (
        pathways.annotate(
            session_count=Coalesce(_of_sessions(Count("pk")), 0),
            last_held_on=_of_sessions(Max("held_on")),
            reached_two=Exists(CounsellingSession.objects.filter(pathway=OuterRef("pk"), level="TWO")),
        )
        .select_related("beneficiary", "adviser__user")
        .order_by("-entered_on", "-pk")
    )


def _of_sessions(aggregate: Any) -> Subquery:
    sessions = CounsellingSession.objects.filter(pathway=OuterRef("pk")).order_by()
    return Subquery(sessions.values("pathway").annotate(found=aggregate).values("found"))


def pathway_opened(*, user: User, uuid: UUID, now: datetime) -> Pathway | None:
    """A pathway's file with `visited_at`, when the reader last opened it before this visit, or None."""
    openings = AuditEvent.objects.filter(
        target_type=Pathway._meta.label_lower,
        target_id=OuterRef("pk"),
        action=OPENED,
        actor=user,
        at__lt=now - VISIT,
    )
    visited = Subquery(openings.order_by("-at").values("at")[:1])
    return _files(user).annotate(visited_at=visited).filter(uuid=uuid).first()


def pathway_file(*, user: User, uuid: UUID) -> Pathway | None:
    """One pathway with its person, its request, its sessions, latest first, and what they said."""
    return _files(user).filter(uuid=uuid).first()


def _files(user: User) -> QuerySet[Pathway]:
    corrected = SessionCorrection.objects.filter(undone_at__isnull=True).order_by("corrected_at", "pk")
    sessions = (
        CounsellingSession.objects.select_related("adviser__user", "site")
        .prefetch_related(Prefetch("corrections", queryset=corrected))
        .order_by("-starts_at", "-pk")
    )
    return (
        Pathway.objects.visible_to(user)
        .select_related(
            *("beneficiary", "adviser__user", "adviser__site", "service_request", "region", "joined_into")
        )
        .prefetch_related(Prefetch("sessions", queryset=sessions))
    )


def session_to_correct(*, user: User, uuid: UUID) -> CounsellingSession | None:
    """A session of a file that an adviser may open, with all that its correction shows; one query."""
    held = CounsellingSession.objects.filter(uuid=uuid, pathway__in=Pathway.objects.visible_to(user))
    return held.select_related(
        "pathway__beneficiary",
        "pathway__adviser__site",
        "adviser__user",
        "site__contract",
        "appointment__site",
    ).first()


def last_correction(*, session: CounsellingSession) -> SessionCorrection | None:
    return session.corrections.filter(undone_at__isnull=True).order_by("-corrected_at", "-pk").first()


def goes_on_until(*, pathway: Pathway) -> date | None:
    """Until when a closed pathway is taken up again without a second entry; None: no end, or not closed."""
    if pathway.closed_at is None:
        return None
    days = reopening_days(rule_set_of(pathway.contract_id).params)
    return None if days is None else local_day(pathway.closed_at) + timedelta(days=days)


def coming_appointments(*, pathway: Pathway, now: datetime) -> QuerySet[Appointment]:
    """What is booked for the person of a pathway under the same contract, next first."""
    booked = Appointment.objects.to_come(now).filter(
        beneficiary=pathway.beneficiary_id, site__contract=pathway.contract_id
    )
    return booked.select_related("site").order_by("period", "pk")


def known_pathway(*, appointment: Appointment) -> Pathway | None:
    """The latest pathway of an appointment's person under its contract, open or closed."""
    known = Pathway.objects.filter(
        beneficiary=appointment.beneficiary_id,
        contract=appointment.site.contract_id,
        joined_into__isnull=True,
    )
    return known.select_related("adviser__site").order_by("-entered_on", "-pk").first()


def pathway_with(*, beneficiary: Beneficiary, adviser: Adviser) -> Pathway | None:
    """The person's latest pathway under the adviser's contract."""
    known = Pathway.objects.filter(
        beneficiary=beneficiary, contract=adviser.site.contract_id, joined_into__isnull=True
    )
    return known.order_by("-entered_on", "-pk").first()


def last_level(*, pathway: Pathway | None) -> str:
    """The level of the last session: a level is a property of each session, proposed again."""
    held = CounsellingSession.objects.filter(pathway=pathway).order_by("-starts_at", "-pk")
    return (held.values_list("level", flat=True).first() if pathway else None) or ServiceLevel.ONE


def waiting_log(*, user: User, beneficiary: Beneficiary, now: datetime) -> Appointment | None:
    """The person's last appointment that began and is not logged: perhaps the session was planned."""
    begun = Appointment.objects.visible_to(user).begun(now).filter(beneficiary=beneficiary)
    return begun.select_related("site").order_by("-period", "-pk").first()


def pathways_by_person(*, appointments: Sequence[Appointment]) -> dict[tuple[int, int], Pathway]:
    """The latest pathway of each (person, contract) met in appointments; one query."""
    people = {appointment.beneficiary_id for appointment in appointments}
    known = Pathway.objects.filter(beneficiary__in=people, joined_into__isnull=True)
    known = known.order_by("entered_on", "pk")
    return {(pathway.beneficiary_id, pathway.contract_id): pathway for pathway in known}


def people_with_pathway(keys: Collection[int]) -> set[int]:
    """Those of these people (by key) whom an adviser has received."""
    return set(Pathway.objects.filter(beneficiary__in=keys).values_list("beneficiary", flat=True))


def latest_pathway(*, beneficiary: Beneficiary) -> Pathway | None:
    """A person's present pathway, else the last one, with its sessions counted; one query."""
    return (
        Pathway.objects.filter(beneficiary=beneficiary, joined_into__isnull=True)
        .annotate(
            session_count=Coalesce(_of_sessions(Count("pk")), 0), last_held_on=_of_sessions(Max("held_on"))
        )
        .select_related("adviser__user", "adviser__site", "contract__holder")
        .order_by(F("closed_at").desc(nulls_first=True), "-entered_on", "-pk")
        .first()
    )


def logged(session: CounsellingSession) -> dict:
    """A session as the form of its correction shows it, local time."""
    start = local(session.starts_at, session.zone)
    return {
        "level": session.level,
        "mode": session.mode,
        "held_on": start.date(),
        "starts": start.time(),
        "duration_minutes": session.duration_minutes,
        "themes": session.themes,
        "next_step": session.next_step,
    }
