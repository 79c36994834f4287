"""Two entries of one human being under one contract are one pathway when the rule set makes them one."""

from collections.abc import Sequence
from datetime import datetime

from beneficiaries.request.models import Beneficiary
from cep_portal.common.days import local_day
from cep_portal.common.personal_data import columns_to
from cep_portal.common.wording.dates import long_instant
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.hooks import PATHWAY_JOINS, PathwayJoined
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.rules import may_go_on
from operators.moving.duplicates.errors import BothBooked
from operators.moving.duplicates.services.ledger import Ledger
from operators.moving.duplicates.services.moving import give_rows
from procurement.contracts.selectors import rule_set_of
from procurement.tender.rules import reopening_days

STATE = ("state", "closed_at", "outcome", "adviser_id", "reopened_at")


def join_pathways(*, absorbed: Beneficiary, kept: Beneficiary, ledger: Ledger, now: datetime) -> None:
    """Join the pathways of two people that were one all along (docs/kpi.md, K1): one entry is left.

    Sessions go to the pathway kept; what was written stays where it was, in a pathway closed and joined.
    """
    both = Pathway.objects.select_for_update(of=("self",)).filter(
        beneficiary__in=(absorbed, kept), joined_into__isnull=True
    )
    both = both.exclude(outcome=ClosingOutcome.TRANSFERRED)  # it is another operator's now
    rows = list(both.select_related("adviser__site", "service_request").order_by("pk"))
    own = [pathway for pathway in rows if pathway.beneficiary_id == kept.pk]
    for pathway in sorted((pathway for pathway in rows if pathway not in own), key=_begun):
        into = _same(pathway, [one for one in own if one.contract_id == pathway.contract_id])
        if into is not None:
            _join(pathway, into, ledger, now)


def _begun(pathway: Pathway) -> tuple:
    return pathway.entered_on, pathway.pk


def _same(pathway: Pathway, others: Sequence[Pathway]) -> Pathway | None:
    """The pathway that it goes on, or that goes on it: the open one first, then the latest."""
    ordered = sorted(others, key=_begun, reverse=True)
    ordered.sort(key=lambda pathway: pathway.state != PathwayState.OPEN)
    return next((one for one in ordered if _goes_on(*sorted((one, pathway), key=_begun))), None)


def _goes_on(earlier: Pathway, later: Pathway) -> bool:
    if earlier.closed_at is None:
        return True
    zone, asked, back_on = earlier.adviser.site.zone, later.service_request, later.entered_on
    if asked is not None and asked.requested_at > earlier.closed_at:
        back_on = min(back_on, local_day(asked.requested_at, zone))
    days = reopening_days(rule_set_of(earlier.contract_id).params)
    return may_go_on(closed_on=local_day(earlier.closed_at, zone), back_on=back_on, within_days=days)


def _join(pathway: Pathway, into: Pathway, ledger: Ledger, now: datetime) -> None:
    held = CounsellingSession.objects.filter(pathway=pathway).order_by("starts_at", "pk")
    first = held.values_list("starts_at", flat=True).first()
    _check_apart(list(held), into)
    for column in columns_to(Pathway):
        give_rows(column, former=pathway, present=into, ledger=ledger)
    for follow in PATHWAY_JOINS:
        follow(PathwayJoined(pathway, into, ledger.note))
    if pathway.entered_on < into.entered_on:
        _write(into, ledger, {"entered_on": pathway.entered_on})
    if pathway.continues_id is None:
        _write(into, ledger, {"continues_id": None})  # this person entered here, and not only by a transfer
    _write(into, ledger, _state_of_both(pathway, into, first))
    closed_at = pathway.closed_at or now
    _write(pathway, ledger, {"state": PathwayState.CLOSED, "closed_at": closed_at, "joined_into_id": into.pk})


def _check_apart(moving: Sequence[CounsellingSession], into: Pathway) -> None:
    """Raises BothBooked: one person has no two sessions at once, so that one of them is corrected first."""
    staying = list(CounsellingSession.objects.filter(pathway=into).order_by("starts_at", "pk"))
    for session in moving:
        for other in staying:
            if session.starts_at < other.ends_at and other.starts_at < session.ends_at:
                when = long_instant(other.starts_at, other.zone)
                raise BothBooked(
                    f"Chaque dossier a une séance le {when} : corrigez-en une avant de les réunir."
                )


def _state_of_both(pathway: Pathway, into: Pathway, first_session: datetime | None) -> dict:
    """The pathway kept ends as the later of the two does, and says when it was taken up again."""
    if into.closed_at is None:
        return {}
    if pathway.closed_at is not None and pathway.closed_at <= into.closed_at:
        return {}
    state = {name: getattr(pathway, name) for name in STATE}
    if first_session is not None and first_session > into.closed_at:
        return state | {"reopened_at": first_session}
    return state | {"reopened_at": pathway.reopened_at or into.reopened_at}


def _write(pathway: Pathway, ledger: Ledger, values: dict) -> None:
    changed = {name: value for name, value in values.items() if getattr(pathway, name) != value}
    if not changed:
        return
    former = {name: getattr(pathway, name) for name in changed}
    for name, value in changed.items():
        setattr(pathway, name, value)
    pathway.save(update_fields=list(changed))
    ledger.note(Pathway, [pathway.pk], former, changed)
