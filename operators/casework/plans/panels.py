"""What plans add to the pathway's file, to the adviser's day and to the personal space."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.registry import Happening
from operators.casework.plans import presenters, rules, selectors
from operators.casework.plans.enums import ActionState, Actor, MoveKind

SAID = {
    MoveKind.DONE: "Action faite par la personne",
    MoveKind.UNDONE: "Action remise à faire par la personne",
    MoveKind.COMMENTED: "Mot de la personne sur une action",
}


def plan_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """The card of a pathway's file; who may not write plans reads none."""
    if not rules.can_write_plans(user):
        return None
    plan = selectors.plan_of(pathway=pathway)
    actions = presenters.actions_of(plan)
    to_do = [one for one in actions if one.state == ActionState.TO_DO]
    dated = sorted((one for one in to_do if one.due_on), key=lambda one: (one.due_on, one.pk))
    moved = selectors.moved_since_last_session(pathways=[pathway.pk]).get(pathway.pk)
    return {
        "url": reverse("operators:plan", args=[pathway.uuid]),
        "done": len(actions) - len(to_do),
        "count": len(actions),
        "next": dated[0] if dated else None,
        "targets": [one.label for one in plan.targets.all()] if plan else [],
        "moved": presenters.moved_words(moved),
    }


def plan_happenings(*, pathway: Pathway, user: User) -> list[Happening]:
    """What the person did in the plan, as lines of the timeline."""
    if not rules.can_write_plans(user):
        return []
    return [
        Happening(
            at=move.at,
            title=SAID[MoveKind(move.kind)],
            detail=move.action.title,
            url=reverse("operators:plan_action", args=[move.action.uuid]),
        )
        for move in selectors.person_moves(pathway=pathway)[:40]
    ]


def plan_preparation(
    *,
    appointments: Sequence[Appointment],
    pathways: dict[tuple[int, int], Pathway],
    user: User,
    now: datetime,  # noqa: ARG001 -- the registry's call
) -> dict[int, list[str]]:
    """What moved in the plan since the last session, before each appointment of a day; one query."""
    if not pathways or not rules.can_write_plans(user):
        return {}
    moved = selectors.moved_since_last_session(pathways=[one.pk for one in pathways.values()])
    needed = {}
    for one in appointments:
        pathway = pathways.get((one.beneficiary_id, one.site.contract_id))  # type: ignore[arg-type]  # booked
        if pathway is not None and (words := presenters.moved_words(moved.get(pathway.pk))):
            needed[one.pk] = words
    return needed


def plan_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:
    """« Mon plan d’action »: what is left for me to do; hidden without a plan."""
    plan = selectors.own_plan(beneficiary=beneficiary)
    actions = presenters.actions_of(plan)
    if not actions:
        return None
    own = [one for one in actions if one.state == ActionState.TO_DO and one.actor == Actor.PERSON]
    today = local_day(now)
    own.sort(key=lambda one: (one.due_on is None, one.due_on or today, one.pk))
    return {
        "rows": [presenters.action_row(one, today=today) for one in own[:3]],
        "left": len(own),
        "url": reverse("beneficiaries:space_page", args=["plan"]),
    }


def plan_page(*, beneficiary: Beneficiary, now: datetime) -> dict:
    """The whole plan, as the person ticks it."""
    plan = selectors.own_plan(beneficiary=beneficiary)
    return {
        "rows": presenters.objective_rows(plan, today=local_day(now)),
        "targets": [one.label for one in plan.targets.all()] if plan else [],
        "adviser": plan.pathway.adviser.user.full_name if plan else "",
        "holder": plan.pathway.contract.holder.name if plan else "",
    }
