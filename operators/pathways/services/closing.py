"""How a pathway ends and begins again: one place moves its state."""

from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.pathways.enums import PATHWAY_TRANSITIONS, PathwayState
from operators.pathways.errors import OutcomeMissing, PathwayAlreadyClosed
from operators.pathways.models import Pathway


@transaction.atomic
def close_pathway(*, pathway: Pathway, outcome: str, by: User, now: datetime) -> Pathway:
    """End a pathway from its file. Raises PathwayAlreadyClosed, OutcomeMissing."""
    locked = Pathway.objects.select_for_update(of=("self",)).get(pk=pathway.pk)
    if not outcome:
        raise OutcomeMissing("Choisissez l’issue du parcours.")
    return end_pathway(locked, outcome=outcome, by=by, now=now)


def end_pathway(pathway: Pathway, *, outcome: str, by: User | None, now: datetime) -> Pathway:
    move_state(pathway, PathwayState.CLOSED)
    pathway.closed_at, pathway.outcome = now, outcome
    pathway.save(update_fields=["state", "closed_at", "outcome"])
    record(action="operators.pathway.closed", target=pathway, by=by, data={"outcome": outcome}, now=now)
    return pathway


def move_state(pathway: Pathway, target: PathwayState) -> None:
    if target not in PATHWAY_TRANSITIONS[PathwayState(pathway.state)]:
        raise PathwayAlreadyClosed("Ce parcours est déjà clos : choisissez une autre suite.")
    pathway.state = target
