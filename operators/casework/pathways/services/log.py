"""Logging a session: from its appointment, or unplanned; the same rules for both."""

from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from beneficiaries.request.enums import RequestState
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services import mark_served
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.fact_rules import FactRule
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.rules import may_become
from operators.booking.agenda.services import refuse_moved
from operators.booking.agenda.services.locks import lock_request, violated
from operators.booking.agenda.services.requests import follow_request
from operators.casework.pathways import rules
from operators.casework.pathways.enums import Attendance
from operators.casework.pathways.errors import (
    AlreadyLogged,
    CancelledAtInvalid,
    NothingToClose,
    NotStartedYet,
    OutcomeMissing,
    OutcomeWithoutClosing,
)
from operators.casework.pathways.hooks import Event, tell_followers
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.rules import sessions
from operators.casework.pathways.services.closing import check_outcome, end_pathway
from operators.casework.pathways.services.entering import (
    Encounter,
    SessionFacts,
    known_pathways,
    pathway_of,
    receive,
)
from operators.network.models import Adviser

LOGGED = "operators.appointment.logged"
OVERLAPS = {
    "session_adviser_never_twice": sessions.ADVISER_FREE,
    "session_person_never_twice": sessions.PERSON_FREE,
}


@transaction.atomic
def log_session(
    *,
    appointment: Appointment,
    attendance: str,
    facts: SessionFacts,
    cancelled_at: datetime | None = None,
    by: User | None,
    now: datetime,
) -> CounsellingSession | None:
    """Write what became of a booked appointment, and the session when the person came; None otherwise.

    The session joins the person's open pathway under the contract, reopens a closed one within the delay of
    the rule set (its entry is kept, so it is counted once) or opens one that enters on its local day.
    `next_step` CLOSE closes the pathway with `outcome`, also after a no-show. Both clocks are kept:
    `starts_at`, `now`. `cancelled_at` is when it was cancelled, now unless said. `by` is None for a software.
    Raises the refusals of operators.casework.pathways.errors; nothing is then written.
    """
    attended = attendance == Attendance.ATTENDED
    appointment = lock_appointment(appointment)
    _check_appointment(appointment, attendance, now=now)
    _check_closing(facts)
    if attended:
        check_session(_met(appointment), facts, now=now)
    _set_outcome(appointment, attendance, cancelled_at=cancelled_at, now=now)
    met = _met(appointment)
    pathway, session = None, None
    if attended:
        pathway = receive(pathway_of(met, facts), met, facts, by=by, now=now)
        session = _write_session(met, pathway, facts, now=now)
    elif facts.closes:
        pathway = next(iter(known_pathways(met)), None)
    _follow_request(appointment, attended=attended, by=by, now=now)
    record(
        action=LOGGED,
        target=appointment,
        by=by,
        data={"attendance": attendance, "session": str(session.uuid) if session else None},
        now=now,
    )
    tell_followers(Event(appointment.state), subject=appointment, now=now)
    if facts.closes:
        if pathway is None:
            raise NothingToClose("Cette personne n’a pas de parcours en cours : rien à clore.")
        end_pathway(pathway, outcome=facts.outcome, by=by, now=now)
    return session


@transaction.atomic
def log_unplanned_session(
    *, beneficiary: Beneficiary, adviser: Adviser, facts: SessionFacts, by: User, now: datetime
) -> CounsellingSession:
    """Write a session that nobody booked, a call most often: the rules of log_session, without appointment.

    It serves the request that waited, if there is one. Raises the refusals of log_session; nothing is then
    written.
    """
    request = lock_request(_latest_request(beneficiary, adviser))
    lock_person(beneficiary)
    _check_closing(facts)
    met = Encounter(beneficiary.pk, adviser, adviser.site, request)
    check_session(met, facts, now=now)
    pathway = receive(pathway_of(met, facts), met, facts, by=by, now=now)
    session = _write_session(met, pathway, facts, now=now)
    if request is not None and request.state == RequestState.REGISTERED:
        mark_served(service_request=request, now=now, by=by)
    record(action="operators.session.unplanned", target=session, by=by, now=now)
    if facts.closes:
        end_pathway(pathway, outcome=facts.outcome, by=by, now=now)
    return session


def _latest_request(beneficiary: Beneficiary, adviser: Adviser) -> ServiceRequest | None:
    asked = ServiceRequest.objects.filter(beneficiary=beneficiary, contract=adviser.site.contract_id)
    return asked.select_related("commune__department").order_by("-requested_at", "-pk").first()


def lock_appointment(appointment: Appointment) -> Appointment:
    """Lock in the order of operators.booking.agenda.services.locks: request, person, appointment."""
    lock_request(appointment.service_request)
    if appointment.beneficiary:
        lock_person(appointment.beneficiary)
    return (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("site__commune__department", "service_request__commune__department")
        .get(pk=appointment.pk)
    )


def _met(appointment: Appointment) -> Encounter:
    return Encounter(
        cast("int", appointment.beneficiary_id),  # booked: it has a person
        appointment.adviser,
        appointment.site,
        appointment.service_request,
        appointment,
    )


def _check_appointment(appointment: Appointment, attendance: str, *, now: datetime) -> None:
    target, _ = rules.OUTCOMES_OF_ATTENDANCE[Attendance(attendance)]
    if not may_become(appointment.state, target):
        refuse_moved(appointment)
        raise AlreadyLogged(
            f"Ce rendez-vous est {appointment.get_state_display()} : il ne peut plus être saisi."
        )
    if appointment.starts_at > now:
        raise NotStartedYet("Ce rendez-vous n’a pas commencé : il ne peut pas encore être saisi.")


def _check_closing(facts: SessionFacts) -> None:
    if facts.closes and not facts.outcome:
        raise OutcomeMissing("Choisissez l’issue du parcours, puisqu’il s’arrête là.")
    check_outcome(facts.outcome)
    if facts.outcome and not facts.closes:
        raise OutcomeWithoutClosing("Une issue est choisie : la suite doit être « Le parcours s’arrête là ».")


def check_session(
    met: Encounter, facts: SessionFacts, *, now: datetime, known: CounsellingSession | None = None
) -> None:
    """Raise the first rule of operators.casework.pathways.rules.sessions that a session breaks.

    `known` is the session corrected, which does not stand in its own way. Its person is locked.
    """
    contract = met.site.contract
    held_on = local_day(facts.starts_at, met.site.zone)
    broken = sessions.broken_by_itself(
        starts_at=facts.starts_at,
        minutes=facts.duration_minutes,
        themes=facts.themes,
        next_step=facts.next_step,
        now=now,
    )
    broken = broken or sessions.broken_by_contract(
        held_on=held_on, starts_on=contract.starts_on, ends_on=contract.ends_on
    )
    if broken is None and met.appointment is not None:
        booked_on = local_day(met.appointment.starts_at, met.site.zone)
        days_apart = settings.PORTAL_SESSION_DAYS_APART
        if not sessions.is_on_its_day(held_on=held_on, booked_on=booked_on, days_apart=days_apart):
            broken = sessions.ON_ITS_DAY
    broken = broken or _taken_time(met, facts, known)
    if broken is not None:
        raise broken.error()


def _taken_time(met: Encounter, facts: SessionFacts, known: CounsellingSession | None) -> FactRule | None:
    """The overlap that a session would make; the exclusion constraints judge what is written meanwhile."""
    ends_at = facts.starts_at + timedelta(minutes=facts.duration_minutes)
    near = CounsellingSession.objects.filter(
        starts_at__gt=facts.starts_at - timedelta(minutes=sessions.LONGEST), starts_at__lt=ends_at
    )
    if known is not None:
        near = near.exclude(pk=known.pk)
    of_both = near.filter(Q(adviser=met.adviser.pk) | Q(pathway__beneficiary=met.beneficiary_id))
    for session in of_both.order_by("starts_at", "pk"):
        if session.ends_at > facts.starts_at:
            is_adviser = session.adviser_id == met.adviser.pk
            return sessions.ADVISER_FREE if is_adviser else sessions.PERSON_FREE
    return None


def _set_outcome(
    appointment: Appointment, attendance: str, *, cancelled_at: datetime | None, now: datetime
) -> None:
    appointment.state, cancelled_by = rules.OUTCOMES_OF_ATTENDANCE[Attendance(attendance)]
    fields = ["state"]
    if appointment.state == AppointmentState.CANCELLED:
        appointment.cancelled_at, appointment.cancelled_by = cancelled_at or now, cancelled_by
        fields += ["cancelled_at", "cancelled_by"]
        if appointment.cancelled_at > now or (
            appointment.booked_at and appointment.cancelled_at < appointment.booked_at
        ):
            raise CancelledAtInvalid("L’annulation vient après la prise du rendez-vous, et avant maintenant.")
    appointment.save(update_fields=fields)


def _write_session(
    met: Encounter, pathway: Pathway, facts: SessionFacts, *, now: datetime
) -> CounsellingSession:
    try:
        session = CounsellingSession.objects.create(
            pathway=pathway,
            appointment=met.appointment,
            is_unplanned=met.appointment is None,
            adviser=met.adviser,
            site=met.site,
            starts_at=facts.starts_at,
            zone=met.site.zone,
            duration_minutes=facts.duration_minutes,
            level=facts.level,
            mode=facts.mode,
            themes=list(facts.themes),
            next_step=facts.next_step,
            recorded_at=now,
        )
    except IntegrityError as refusal:
        raise overlap_in(refusal) from refusal
    tell_followers(Event.LOGGED, subject=session, now=now)
    return session


def overlap_in(refusal: IntegrityError) -> Exception:
    """The rule that the database found broken, as pages and API say it; else its own error."""
    for constraint, rule in OVERLAPS.items():
        if violated(refusal, constraint):
            return rule.error()
    return refusal


def _follow_request(appointment: Appointment, *, attended: bool, by: User | None, now: datetime) -> None:
    """Served when the person came; else waiting again, unless another appointment is booked."""
    request = appointment.service_request
    if request is None:
        return
    if attended:
        mark_served(service_request=request, now=now, by=by)
    else:
        follow_request(request, by=by, now=now)
