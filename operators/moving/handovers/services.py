"""A colleague takes pathways over: one or a whole portfolio, for good or until a day (ADR 0027)."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import lock_people
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.booking.agenda.services.handing import Handed, give_to_colleague
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.handovers import notices, selectors
from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.errors import (
    ColleagueUnfit,
    HandoverEnded,
    HandoverRunning,
    PathwayNotOpen,
    UntilPast,
)
from operators.moving.handovers.models import Handover
from operators.network.models import Adviser
from operators.network.services import locked_advisers


@dataclass(frozen=True)
class HandoverTerms:
    """For how long pathways are given, and what becomes of their appointments."""

    until: date | None = None
    until_back: bool = False
    with_appointments: bool = True
    replaced: Collection[int] = ()


FOR_GOOD = HandoverTerms()


@transaction.atomic
def hand_over(
    *,
    pathways: Collection[Pathway],
    former: Adviser,
    colleague: Adviser,
    terms: HandoverTerms = FOR_GOOD,
    by: User,
    now: datetime,
) -> tuple[list[Handover], Handed]:
    """Give an adviser's open pathways to a colleague; each person is told once, in one message.

    Until a day included the pathways come back by themselves; `until_back`, with the adviser
    (bring_back); else they are given for good. Appointments to come follow where the colleague is free at
    that hour, if asked, and are else kept by the former adviser. `replaced` are the people (by key) told
    apart what becomes of an appointment.
    Raises ColleagueUnfit, UntilPast, HandoverRunning, PathwayNotOpen, FileRestricted; nothing is
    then written.
    """
    advisers = locked_advisers(former.pk, colleague.pk)
    former, colleague = advisers[former.pk], advisers[colleague.pk]
    check_colleague(former, colleague)
    if terms.until is not None and terms.until < local_day(now, former.site.zone):
        raise UntilPast("Ce jour est déjà passé.")
    people = {pathway.beneficiary_id for pathway in pathways}
    handed = Handed()
    if terms.with_appointments:
        handed = give_to_colleague(
            people=people, former=former, colleague=colleague, until=terms.until, by=by, now=now
        )
    else:
        lock_people(people)
    locked = _locked([pathway.pk for pathway in pathways], former)
    batch = uuid.uuid4()
    kind = HandoverKind.TEMPORARY if terms.until else HandoverKind.FINAL
    kind = HandoverKind.UNTIL_BACK if terms.until_back else kind
    written = [
        _give(pathway, former, colleague, kind=kind, until=terms.until, batch=batch, by=by, now=now)
        for pathway in locked
    ]
    for handover in written:
        given = [slot for slot in handed.given if slot.beneficiary_id == handover.pathway.beneficiary_id]
        is_replaced = handover.pathway.beneficiary_id in terms.replaced
        notices.tell_handed_over(handover, given=given, is_replaced=is_replaced, now=now)
    return written, handed


def check_colleague(former: Adviser, colleague: Adviser) -> None:
    """Whether a colleague may follow somebody's people; both rows locked. Raises ColleagueUnfit."""
    if not colleague.is_active or colleague.site.contract_id != former.site.contract_id:
        raise ColleagueUnfit("Choisissez un conseiller en activité de votre organisme.")
    if colleague.pk == former.pk:
        raise ColleagueUnfit("Choisissez quelqu’un d’autre que le conseiller présent.")


def _lock_people(people: Collection[int]) -> None:
    rows = Beneficiary.objects.filter(pk__in=people).select_for_update(of=("self",), no_key=True)
    list(rows.order_by("pk").values_list("pk"))


def _locked(keys: Collection[int], former: Adviser) -> list[Pathway]:
    """The pathways as now, after their people (ADR 0010): open, followed by `former`, not lent."""
    rows = Pathway.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    pathways = list(rows.select_related("beneficiary").order_by("pk"))
    if any(pathway.state != PathwayState.OPEN or pathway.adviser_id != former.pk for pathway in pathways):
        raise PathwayNotOpen("Un de ces parcours est clos ou suivi par quelqu’un d’autre. Rouvrez la page.")
    if Handover.objects.lent().filter(pathway__in=pathways).exists():
        raise HandoverRunning("Ce parcours est déjà confié jusqu’à un jour : reprenez-le d’abord.")
    return pathways


def _give(
    pathway: Pathway,
    former: Adviser,
    colleague: Adviser,
    *,
    kind: str,
    until: date | None,
    batch: uuid.UUID,
    by: User,
    now: datetime,
) -> Handover:
    pathway.adviser = colleague
    pathway.save(update_fields=["adviser"])
    handover = Handover.objects.create(
        batch=batch,
        pathway=pathway,
        former=former,
        colleague=colleague,
        kind=kind,
        until=until,
        handed_at=now,
        handed_by=by,
    )
    record(
        action="operators.pathway.handed_over",
        target=pathway,
        by=by,
        data={"handover": str(handover.uuid), "kind": handover.kind},
        now=now,
    )
    return handover


@transaction.atomic
def take_back(*, handover: Handover, by: User | None, now: datetime) -> Handover:
    """End a temporary hand-over, by hand or by the clock (`by` None). Raises HandoverEnded when it is over.

    The pathway returns to who lent it, unless they have left or it was given on: then it stays. The person
    is told when no day was said before.
    """
    locked_advisers(handover.former_id)  # whoever is being suspended takes nothing back
    _lock_people([handover.pathway.beneficiary_id])
    pathway = Pathway.objects.select_for_update(of=("self",)).get(pk=handover.pathway_id)
    running = Handover.objects.lent().select_for_update(of=("self",)).filter(pk=handover.pk)
    found = running.select_related("former__user", "former__site", "pathway__beneficiary").first()
    if found is None:
        raise HandoverEnded("Ce parcours est déjà revenu.")
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    if found.former.is_active and pathway.adviser_id == found.colleague_id:
        pathway.adviser_id = found.former_id
        pathway.save(update_fields=["adviser"])
        if found.kind == HandoverKind.UNTIL_BACK:
            notices.tell_back(found, now=now)
    record(
        action="operators.pathway.taken_back",
        target=pathway,
        by=by,
        data={"handover": str(found.uuid)},
        now=now,
    )
    return found


@transaction.atomic
def return_loans(*, colleague: Adviser, by: User, now: datetime) -> int:
    """Give back what an adviser who stops has on loan, as take_back does; returns how many."""
    return _take_all_back(selectors.loans_to(colleague=colleague), by=by, now=now)


@transaction.atomic
def bring_back(*, former: Adviser, by: User, now: datetime) -> int:
    """Give back to an adviser what waited for their return; returns how many."""
    return _take_all_back(selectors.loans_until_back(former=former), by=by, now=now)


def _take_all_back(loans: QuerySet[Handover], *, by: User, now: datetime) -> int:
    handovers = list(loans)
    locked_advisers(*[handover.former_id for handover in handovers])
    _lock_people([handover.pathway.beneficiary_id for handover in handovers])
    for handover in handovers:
        take_back(handover=handover, by=by, now=now)
    return len(handovers)


def return_due(*, now: datetime) -> int:
    """Bring back what was lent until yesterday, the site's day; returns how many. Safe to run twice."""
    count = 0
    tomorrow_somewhere = local_day(now, "Pacific/Auckland")  # no site is further east
    due = selectors.over_on(on=tomorrow_somewhere).select_related("pathway", "former__site")
    for handover in due:
        if handover.until and handover.until < local_day(now, handover.former.site.zone):
            try:
                take_back(handover=handover, by=None, now=now)
            except HandoverEnded:
                continue
            count += 1
    return count
