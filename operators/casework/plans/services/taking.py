"""A plan that a person brings from another operator, written again in the pathway that goes on."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cep_portal.accounts.models import User
from operators.casework.pathways.models import Pathway
from operators.casework.plans.enums import ActionState, MoveKind
from operators.casework.plans.errors import TargetKnown, TooManyTargets
from operators.casework.plans.models import Objective, Occupation
from operators.casework.plans.services.actions import set_state, write_action
from operators.casework.plans.services.locks import lock_open
from operators.casework.plans.services.objectives import add_target, write_objective


@transaction.atomic
def take_over_plan(
    *,
    pathway: Pathway,
    targets: Sequence[dict],
    objectives: Sequence[dict],
    by: User,
    now: datetime,
) -> None:
    """Add the occupations, objectives and actions of a plan, as plain values, after what is there.

    An occupation already in view, or one too many, is left out. Raises PathwayIsClosed.
    """
    lock_open(pathway.pk)
    known = {
        occupation.code: occupation
        for occupation in Occupation.objects.filter(code__in=[target["code"] for target in targets])
    }
    for target in targets:
        occupation = known.get(target["code"])
        try:
            add_target(
                pathway=pathway,
                occupation=occupation,
                title="" if occupation else target["label"],
                by=by,
                now=now,
            )
        except (TargetKnown, TooManyTargets):
            continue
    for one in objectives:
        objective = write_objective(pathway=pathway, title=one["title"], by=by, now=now)
        for action in one["actions"]:
            _write(objective, action, by=by, now=now)


def _write(objective: Objective, facts: dict, *, by: User, now: datetime) -> None:
    action = write_action(
        objective=objective,
        title=facts["title"],
        actor=facts["actor"],
        due_on=date.fromisoformat(facts["due_on"]) if facts["due_on"] else None,
        help_text=facts["help_text"],
        by=by,
        now=now,
    )
    if facts["is_done"]:
        set_state(action, ActionState.DONE, MoveKind.DONE, by=by, now=now)
