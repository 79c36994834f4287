"""Which pathway a session belongs to: the open one, a closed one taken up again, or one that begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.booking.agenda.models import Appointment
from operators.casework.pathways import rules
from operators.casework.pathways.enums import ClosingOutcome, NextStep, PathwayState
from operators.casework.pathways.hooks import Event, tell_followers
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services.closing import move_state
from operators.network.models import Adviser, Site
from procurement.contracts.selectors import rule_set_of
from procurement.tender.rules import reopening_days


@dataclass(frozen=True)
class SessionFacts:
    """What the adviser says of a session that took place."""

    level: str
    mode: str
    starts_at: datetime
    duration_minutes: int
    themes: Sequence[str]
    next_step: str
    outcome: str = ""

    @property
    def closes(self) -> bool:
        return self.next_step == NextStep.CLOSE


@dataclass(frozen=True)
class Encounter:
    """Who was received by whom, where, for which request: from an appointment, or without one."""

    beneficiary_id: int
    adviser: Adviser
    site: Site
    service_request: ServiceRequest | None
    appointment: Appointment | None = None


def known_pathways(met: Encounter) -> list[Pathway]:
    """The person's pathways under the contract, latest entry first; their rows locked."""
    known = Pathway.objects.select_for_update(of=("self",)).filter(
        beneficiary=met.beneficiary_id, contract=met.site.contract_id, joined_into__isnull=True
    )
    return list(known.order_by("-entered_on", "-pk"))


def pathway_of(met: Encounter, facts: SessionFacts) -> Pathway | None:
    """The pathway that a session belongs to; None when it begins one.

    The latest that had begun by then, unless the person came back too late for the rule set; a session
    logged after a later one belongs to that one, and is its entry.
    """
    later = None
    for pathway in known_pathways(met):
        if local_day(facts.starts_at, met.site.zone) < pathway.entered_on:
            later = pathway
        elif _goes_on(pathway, met, facts):
            return pathway
        else:
            return later
    return later


def _goes_on(pathway: Pathway, met: Encounter, facts: SessionFacts) -> bool:
    if pathway.closed_at is None or facts.starts_at <= pathway.closed_at:
        return True
    asked, zone = met.service_request, met.site.zone
    back_at = facts.starts_at
    if asked is not None and asked.requested_at > pathway.closed_at:
        back_at = asked.requested_at  # asking in time is coming back in time
    return rules.may_go_on(
        closed_on=local_day(pathway.closed_at, zone),
        back_on=local_day(back_at, zone),
        within_days=reopening_days(rule_set_of(pathway.contract_id).params),
    )


def receive(
    pathway: Pathway | None, met: Encounter, facts: SessionFacts, *, by: User | None, now: datetime
) -> Pathway:
    if pathway is None:
        return _enter(met, facts, by=by, now=now)
    return _join(pathway, met, facts, by=by, now=now)


def _enter(met: Encounter, facts: SessionFacts, *, by: User | None, now: datetime) -> Pathway:
    request = met.service_request
    place = request.commune if request else met.site.commune
    pathway = Pathway.objects.create(
        beneficiary_id=met.beneficiary_id,
        contract_id=met.site.contract_id,
        region_id=place.department.region_id,
        service_request=request,
        adviser=met.adviser,
        entered_on=local_day(facts.starts_at, met.site.zone),
    )
    record(action="operators.pathway.entered", target=pathway, by=by, now=now)
    tell_followers(Event.ENTERED, subject=pathway, now=now)
    return pathway


def _join(
    pathway: Pathway, met: Encounter, facts: SessionFacts, *, by: User | None, now: datetime
) -> Pathway:
    """Reopen when the person came back after the closing; a session logged late reopens nothing.

    Nor does one that a later pathway has followed: one is open at a time; nor an appointment that the person
    kept here when the pathway went to another operator.
    """
    held_on = local_day(facts.starts_at, met.site.zone)
    if held_on < pathway.entered_on:
        pathway.entered_on = held_on  # logged after a later one: the entry is the first session
        pathway.save(update_fields=["entered_on"])
    came_back = pathway.closed_at is not None and facts.starts_at > pathway.closed_at
    if came_back and not _is_followed(pathway) and not _was_kept(met, pathway):
        _reopen(pathway, met, facts, by=by, now=now)
    return pathway


def _is_followed(pathway: Pathway) -> bool:
    later = Pathway.objects.filter(
        beneficiary=pathway.beneficiary_id, contract=pathway.contract_id, joined_into__isnull=True
    )
    return later.filter(entered_on__gt=pathway.entered_on).exists()


def _was_kept(met: Encounter, pathway: Pathway) -> bool:
    booked_at = met.appointment.booked_at if met.appointment else None
    if pathway.outcome != ClosingOutcome.TRANSFERRED or booked_at is None or pathway.closed_at is None:
        return False
    return booked_at <= pathway.closed_at


def _reopen(pathway: Pathway, met: Encounter, facts: SessionFacts, *, by: User | None, now: datetime) -> None:
    former = {"closed_at": str(pathway.closed_at), "outcome": pathway.outcome}
    move_state(pathway, PathwayState.OPEN)
    pathway.closed_at, pathway.outcome, pathway.adviser = None, "", met.adviser
    pathway.reopened_at = facts.starts_at
    pathway.save(update_fields=["state", "closed_at", "outcome", "adviser", "reopened_at"])
    record(action="operators.pathway.reopened", target=pathway, by=by, data=former, now=now)
    tell_followers(Event.REOPENED, subject=pathway, now=now)
