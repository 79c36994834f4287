from datetime import datetime

from django.db import transaction
from django.db.models import Max

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.versions import Seen, check_seen
from operators.casework.pathways.models import Pathway
from operators.casework.plans import rules
from operators.casework.plans.errors import ObjectiveHasActions, TargetKnown, TooManyTargets
from operators.casework.plans.models import ActionPlan, Objective, Occupation, TargetOccupation
from operators.casework.plans.services.locks import lock_open, open_plan, shifted


@transaction.atomic
def write_objective(*, pathway: Pathway, title: str, by: User, now: datetime) -> Objective:
    """Add an objective at the end of the plan, opened if need be. Raises PathwayIsClosed."""
    plan = open_plan(lock_open(pathway.pk), now=now)
    last = plan.objectives.aggregate(last=Max("position"))["last"] or 0
    objective = Objective.objects.create(plan=plan, title=title.strip(), position=last + 1)
    record(action="operators.plan.objective_written", target=objective, by=by, now=now)
    return objective


@transaction.atomic
def rename_objective(
    *, objective: Objective, title: str, seen: Seen | None = None, by: User, now: datetime
) -> Objective:
    """Raises PathwayIsClosed, ChangedMeanwhile."""
    lock_open(objective.plan.pathway_id)
    objective.refresh_from_db(fields=["title"])
    check_seen(seen, {"title": objective.title})
    objective.title = title.strip()
    objective.save(update_fields=["title"])
    record(action="operators.plan.objective_renamed", target=objective, by=by, now=now)
    return objective


@transaction.atomic
def shift_objective(*, objective: Objective, up: bool, by: User, now: datetime) -> None:
    """Swap an objective with its neighbour; nothing happens at an end. Raises PathwayIsClosed."""
    lock_open(objective.plan.pathway_id)
    objective.refresh_from_db()
    others = Objective.objects.filter(plan=objective.plan_id)
    target = shifted(list(others.values_list("position", flat=True)), objective.position, up=up)
    if target is None:
        return
    others.filter(position=target).update(position=objective.position)
    objective.position = target
    objective.save(update_fields=["position"])
    record(action="operators.plan.reordered", target=objective, by=by, now=now)


@transaction.atomic
def remove_objective(*, objective: Objective, by: User, now: datetime) -> None:
    """Delete an objective written by mistake. Raises ObjectiveHasActions, PathwayIsClosed."""
    lock_open(objective.plan.pathway_id)
    if objective.actions.exists():
        raise ObjectiveHasActions("Cet objectif a des actions : abandonnez-les plutôt, leur histoire reste.")
    record(action="operators.plan.objective_removed", target=objective, by=by, now=now)
    objective.delete()


@transaction.atomic
def add_target(
    *, pathway: Pathway, occupation: Occupation | None, title: str = "", by: User, now: datetime
) -> TargetOccupation:
    """Add an occupation in view, of the ROME or in the person's words.

    Raises TargetKnown, TooManyTargets, PathwayIsClosed.
    """
    plan = open_plan(lock_open(pathway.pk), now=now)
    title = "" if occupation else title.strip()
    _check_target(plan, occupation, title)
    target = TargetOccupation.objects.create(plan=plan, occupation=occupation, title=title, added_at=now)
    record(action="operators.plan.target_added", target=target, by=by, now=now)
    return target


def _check_target(plan: ActionPlan, occupation: Occupation | None, title: str) -> None:
    known = plan.targets.filter(occupation=occupation) if occupation else plan.targets.filter(title=title)
    if known.exists():
        raise TargetKnown("Ce métier est déjà dans le plan.")
    if plan.targets.count() >= rules.MOST_TARGETS:
        raise TooManyTargets(f"Un plan garde {rules.MOST_TARGETS} métiers au plus : retirez-en un d’abord.")


@transaction.atomic
def remove_target(*, target: TargetOccupation, by: User, now: datetime) -> None:
    """Take an occupation out of the plan. Raises PathwayIsClosed."""
    lock_open(target.plan.pathway_id)
    record(action="operators.plan.target_removed", target=target, by=by, now=now)
    target.delete()
