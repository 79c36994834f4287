from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db import transaction

from beneficiaries.request.services import mark_served
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.agenda.enums import AppointmentState
from operators.agenda.models import Appointment
from operators.agenda.rules import may_become
from operators.agenda.services.locks import lock_person, lock_request
from operators.agenda.services.requests import follow_request
from operators.pathways import rules
from operators.pathways.enums import Attendance, NextStep, PathwayState
from operators.pathways.errors import (
    AlreadyLogged,
    DurationOutOfBounds,
    NextStepMissing,
    NothingToClose,
    NotStartedYet,
    OutcomeMissing,
    OutcomeWithoutClosing,
    StartInTheFuture,
    StartOnAnotherDay,
    ThemesMissing,
)
from operators.pathways.models import CounsellingSession, Pathway
from operators.pathways.services.closing import end_pathway, move_state
from procurement.contracts.selectors import rule_set_of
from procurement.tender.rules import reopening_days


@dataclass(frozen=True)
class Facts:
    """What the adviser says of one appointment; level to next step only count when the person came."""

    attendance: str
    level: str
    mode: str
    starts_at: datetime
    duration_minutes: int
    themes: tuple[str, ...]
    next_step: str
    outcome: str

    @property
    def attended(self) -> bool:
        return self.attendance == Attendance.ATTENDED

    @property
    def closes(self) -> bool:
        return self.next_step == NextStep.CLOSE


@transaction.atomic
def log_session(
    *,
    appointment: Appointment,
    attendance: str,
    level: str,
    mode: str,
    starts_at: datetime,
    duration_minutes: int,
    themes: Sequence[str],
    next_step: str,
    outcome: str = "",
    by: User,
    now: datetime,
) -> CounsellingSession | None:
    """Write what became of a booked appointment, and the session when the person came; None otherwise.

    The session joins the person's open pathway under the contract, reopens a closed one within the delay of
    the rule set (its entry is kept, so it is counted once) or opens one that enters on its local day.
    `next_step` CLOSE closes the pathway with `outcome`, also after a no-show. Both clocks are kept:
    `starts_at`, `now`.
    Raises the refusals of operators.pathways.errors; nothing is then written.
    """
    facts = Facts(attendance, level, mode, starts_at, duration_minutes, tuple(themes), next_step, outcome)
    appointment = _locked(appointment)
    _check_appointment(appointment, facts, now=now)
    _check_closing(facts)
    if facts.attended:
        _check_session(appointment, facts, now=now)
    _set_outcome(appointment, facts, now=now)
    pathway, session = None, None
    if facts.attended:
        pathway = _receive(_pathway_of(appointment, facts), appointment, facts, by=by, now=now)
        session = _write_session(appointment, pathway, facts, now=now)
    elif facts.closes:
        pathway = next(iter(_known_pathways(appointment)), None)
    _follow_request(appointment, facts, by=by, now=now)
    record(
        action="operators.appointment.logged",
        target=appointment,
        by=by,
        data={"attendance": attendance, "session": str(session.uuid) if session else None},
        now=now,
    )
    if facts.closes:
        if pathway is None:
            raise NothingToClose("Cette personne n’a pas de parcours en cours : rien à clore.")
        end_pathway(pathway, outcome=outcome, by=by, now=now)
    return session


def _locked(appointment: Appointment) -> Appointment:
    """Rows are locked in the order of operators.agenda.services.locks: request, person, appointment."""
    lock_request(appointment.service_request)
    if appointment.beneficiary:
        lock_person(appointment.beneficiary)
    return (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("site__commune__department", "service_request__commune__department")
        .get(pk=appointment.pk)
    )


def _check_appointment(appointment: Appointment, facts: Facts, *, now: datetime) -> None:
    target, _ = rules.OUTCOMES_OF_ATTENDANCE[Attendance(facts.attendance)]
    if not may_become(appointment.state, target):
        raise AlreadyLogged(
            f"Ce rendez-vous est {appointment.get_state_display()} : il ne peut plus être saisi."
        )
    if appointment.starts_at > now:
        raise NotStartedYet("Ce rendez-vous n’a pas commencé : il ne peut pas encore être saisi.")


def _check_closing(facts: Facts) -> None:
    if facts.closes and not facts.outcome:
        raise OutcomeMissing("Choisissez l’issue du parcours, puisqu’il s’arrête là.")
    if facts.outcome and not facts.closes:
        raise OutcomeWithoutClosing("Une issue est choisie : la suite doit être « Le parcours s’arrête là ».")


def _check_session(appointment: Appointment, facts: Facts, *, now: datetime) -> None:
    zone = appointment.site.zone
    if facts.starts_at > now:
        raise StartInTheFuture("Cette heure n’est pas encore passée.")
    apart = rules.local_day(facts.starts_at, zone) - rules.local_day(appointment.starts_at, zone)
    if abs(apart.days) > settings.PORTAL_SESSION_DAYS_APART:
        raise StartOnAnotherDay("La séance s’est tenue un autre jour que le rendez-vous.")
    if not rules.SHORTEST <= facts.duration_minutes <= rules.LONGEST:
        raise DurationOutOfBounds(f"Une séance dure de {rules.SHORTEST} à {rules.LONGEST} minutes.")
    if not facts.themes:
        raise ThemesMissing("Cochez au moins un thème abordé.")
    if not facts.next_step:
        raise NextStepMissing("Choisissez la suite du parcours.")


def _set_outcome(appointment: Appointment, facts: Facts, *, now: datetime) -> None:
    appointment.state, cancelled_by = rules.OUTCOMES_OF_ATTENDANCE[Attendance(facts.attendance)]
    fields = ["state"]
    if appointment.state == AppointmentState.CANCELLED:
        appointment.cancelled_at, appointment.cancelled_by = now, cancelled_by
        fields += ["cancelled_at", "cancelled_by"]
    appointment.save(update_fields=fields)


def _known_pathways(appointment: Appointment) -> list[Pathway]:
    """The person's pathways under the contract, latest entry first; their rows locked."""
    known = Pathway.objects.select_for_update(of=("self",)).filter(
        beneficiary=appointment.beneficiary_id, contract=appointment.site.contract_id
    )
    return list(known.order_by("-entered_on", "-pk"))


def _pathway_of(appointment: Appointment, facts: Facts) -> Pathway | None:
    """The pathway that a session belongs to; None when it begins one.

    The latest that had begun by then, unless the person came back too late for the rule set; a session
    logged after a later one belongs to that one, and is its entry.
    """
    later = None
    for pathway in _known_pathways(appointment):
        if rules.local_day(facts.starts_at, appointment.site.zone) < pathway.entered_on:
            later = pathway
        elif _goes_on(pathway, appointment, facts):
            return pathway
        else:
            return later
    return later


def _goes_on(pathway: Pathway, appointment: Appointment, facts: Facts) -> bool:
    if pathway.closed_at is None or facts.starts_at <= pathway.closed_at:
        return True
    asked, zone = appointment.service_request, appointment.site.zone
    back_at = facts.starts_at
    if asked is not None and asked.requested_at > pathway.closed_at:
        back_at = asked.requested_at  # asking in time is coming back in time
    return rules.may_go_on(
        closed_on=rules.local_day(pathway.closed_at, zone),
        back_on=rules.local_day(back_at, zone),
        within_days=reopening_days(rule_set_of(pathway.contract_id).params),
    )


def _receive(
    pathway: Pathway | None, appointment: Appointment, facts: Facts, *, by: User, now: datetime
) -> Pathway:
    if pathway is None:
        return _enter(appointment, facts, by=by, now=now)
    return _join(pathway, appointment, facts, by=by, now=now)


def _enter(appointment: Appointment, facts: Facts, *, by: User, now: datetime) -> Pathway:
    request = appointment.service_request
    place = request.commune if request else appointment.site.commune
    pathway = Pathway.objects.create(
        beneficiary_id=cast("int", appointment.beneficiary_id),  # booked: it has a person
        contract_id=appointment.site.contract_id,
        region_id=place.department.region_id,
        service_request=request,
        adviser=appointment.adviser,
        entered_on=rules.local_day(facts.starts_at, appointment.site.zone),
    )
    record(action="operators.pathway.entered", target=pathway, by=by, now=now)
    return pathway


def _join(pathway: Pathway, appointment: Appointment, facts: Facts, *, by: User, now: datetime) -> Pathway:
    """Reopen when the person came back after the closing; a session logged late reopens nothing.

    Nor does one that a later pathway has followed: one is open at a time.
    """
    held_on = rules.local_day(facts.starts_at, appointment.site.zone)
    if held_on < pathway.entered_on:
        pathway.entered_on = held_on  # logged after a later one: the entry is the first session
        pathway.save(update_fields=["entered_on"])
    came_back = pathway.closed_at is not None and facts.starts_at > pathway.closed_at
    if came_back and not _is_followed(pathway):
        _reopen(pathway, appointment, facts, by=by, now=now)
    return pathway


def _is_followed(pathway: Pathway) -> bool:
    later = Pathway.objects.filter(beneficiary=pathway.beneficiary_id, contract=pathway.contract_id)
    return later.filter(entered_on__gt=pathway.entered_on).exists()


def _reopen(pathway: Pathway, appointment: Appointment, facts: Facts, *, by: User, now: datetime) -> None:
    former = {"closed_at": str(pathway.closed_at), "outcome": pathway.outcome}
    move_state(pathway, PathwayState.OPEN)
    pathway.closed_at, pathway.outcome, pathway.adviser = None, "", appointment.adviser
    pathway.reopened_at = facts.starts_at
    pathway.save(update_fields=["state", "closed_at", "outcome", "adviser", "reopened_at"])
    record(action="operators.pathway.reopened", target=pathway, by=by, data=former, now=now)


def _write_session(
    appointment: Appointment, pathway: Pathway, facts: Facts, *, now: datetime
) -> CounsellingSession:
    return CounsellingSession.objects.create(
        pathway=pathway,
        appointment=appointment,
        adviser=appointment.adviser,
        site=appointment.site,
        starts_at=facts.starts_at,
        zone=appointment.site.zone,
        duration_minutes=facts.duration_minutes,
        level=facts.level,
        mode=facts.mode,
        themes=list(facts.themes),
        next_step=facts.next_step,
        recorded_at=now,
    )


def _follow_request(appointment: Appointment, facts: Facts, *, by: User, now: datetime) -> None:
    """Served when the person came; else waiting again, unless another appointment is booked."""
    request = appointment.service_request
    if request is None:
        return
    if facts.attended:
        mark_served(service_request=request, now=now, by=by)
    else:
        follow_request(request, by=by, now=now)
