"""How a pathway ends and begins again: one place moves its state."""

from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.casework.pathways.enums import PATHWAY_TRANSITIONS, ClosingOutcome, PathwayState
from operators.casework.pathways.errors import (
    OutcomeMissing,
    OutcomeNotChosen,
    PathwayAlreadyClosed,
    PathwayTransferred,
)
from operators.casework.pathways.hooks import Event, tell_followers
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services.locks import lock_pathway


@transaction.atomic
def close_pathway(*, pathway: Pathway, outcome: str, by: User, now: datetime) -> Pathway:
    """End a pathway from its file.

    Raises PathwayAlreadyClosed, OutcomeMissing, OutcomeNotChosen, FileRestricted.
    """
    locked = lock_pathway(pathway.pk)
    if not outcome:
        raise OutcomeMissing("Choisissez l’issue du parcours.")
    check_outcome(outcome)
    return end_pathway(locked, outcome=outcome, by=by, now=now)


def end_pathway(pathway: Pathway, *, outcome: str, by: User | None, now: datetime) -> Pathway:
    move_state(pathway, PathwayState.CLOSED)
    pathway.closed_at, pathway.outcome = now, outcome
    pathway.save(update_fields=["state", "closed_at", "outcome"])
    record(action="operators.pathway.closed", target=pathway, by=by, data={"outcome": outcome}, now=now)
    tell_followers(Event.CLOSED, subject=pathway, now=now)
    return pathway


def check_outcome(outcome: str) -> None:
    """Raises OutcomeNotChosen: only the other operator's reception ends a pathway as transferred."""
    if outcome == ClosingOutcome.TRANSFERRED:
        raise OutcomeNotChosen("Préparez plutôt un transfert : il clôt le parcours à sa réception.")


def require_not_transferred(pathway_id: int) -> None:
    """Raises PathwayTransferred: what went to another operator is only read here; its person is locked."""
    gone = Pathway.objects.filter(
        pk=pathway_id, state=PathwayState.CLOSED, outcome=ClosingOutcome.TRANSFERRED
    )
    if gone.exists():
        raise PathwayTransferred(
            "Ce parcours est confié à un autre opérateur : il se relit, rien ne s’y ajoute."
        )


def move_state(pathway: Pathway, target: PathwayState) -> None:
    if target not in PATHWAY_TRANSITIONS[PathwayState(pathway.state)]:
        raise PathwayAlreadyClosed("Ce parcours est déjà clos : choisissez une autre suite.")
    pathway.state = target
