"""What plans add to the pathway's file, to the adviser's day and to the personal space."""

from django.urls import reverse

from beneficiaries.space.hooks import PAGES, PANELS, OpenSpace, Page
from cep_portal.common.days import local_day
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from operators.casework.pathways.hooks import (
    PARTS,
    PREPARATIONS,
    TIMELINE,
    Ahead,
    Happening,
    OpenFile,
)
from operators.casework.plans import presenters, rules, selectors
from operators.casework.plans.enums import ActionState, Actor, MoveKind
from operators.menus import MANAGER, NETWORK

SAID = {
    MoveKind.DONE: "Action faite par la personne",
    MoveKind.UNDONE: "Action remise à faire par la personne",
    MoveKind.COMMENTED: "Mot de la personne sur une action",
}


def plan_section(opened: OpenFile) -> dict | None:
    """The card of a pathway's file; who may not write plans reads none."""
    if not rules.can_write_plans(opened.user):
        return None
    plan = selectors.plan_of(pathway=opened.pathway)
    actions = presenters.actions_of(plan)
    to_do = [action for action in actions if action.state == ActionState.TO_DO]
    dated = sorted(
        (action for action in to_do if action.due_on), key=lambda action: (action.due_on, action.pk)
    )
    moved = selectors.moved_since_last_session(pathways=[opened.pathway.pk]).get(opened.pathway.pk)
    return {
        "url": reverse("operators:plan", args=[opened.pathway.uuid]),
        "done": len(actions) - len(to_do),
        "count": len(actions),
        "next": dated[0] if dated else None,
        "targets": [target.label for target in plan.targets.all()] if plan else [],
        "moved": presenters.moved_words(moved),
    }


def plan_happenings(opened: OpenFile) -> list[Happening]:
    """What the person did in the plan, as lines of the timeline."""
    if not rules.can_write_plans(opened.user):
        return []
    return [
        Happening(
            at=move.at,
            title=SAID[MoveKind(move.kind)],
            detail=move.action.title,
            url=reverse("operators:plan_action", args=[move.action.uuid]),
        )
        for move in selectors.person_moves(pathway=opened.pathway)[:40]
    ]


def plan_preparation(ahead: Ahead) -> dict[int, list[str]]:
    """What moved in the plan since the last session, before each appointment of a day; one query."""
    if not ahead.pathways or not rules.can_write_plans(ahead.user):
        return {}
    moved = selectors.moved_since_last_session(pathways=[pathway.pk for pathway in ahead.pathways.values()])
    needed = {}
    for appointment in ahead.appointments:
        pathway = ahead.pathways.get((appointment.beneficiary_id, appointment.site.contract_id))  # type: ignore[arg-type]  # booked
        if pathway is not None and (words := presenters.moved_words(moved.get(pathway.pk))):
            needed[appointment.pk] = words
    return needed


def plan_panel(space: OpenSpace) -> dict | None:
    """« Mon plan d’action »: what is left for me to do; hidden when nothing is."""
    plan = selectors.own_plan(beneficiary=space.beneficiary)
    actions = presenters.actions_of(plan)
    own = [action for action in actions if action.state == ActionState.TO_DO and action.actor == Actor.PERSON]
    if not own:
        return None
    today = local_day(space.now)
    own.sort(key=lambda action: (action.due_on is None, action.due_on or today, action.pk))
    return {
        "rows": [presenters.action_row(action, today=today) for action in own[:3]],
        "left": len(own),
        "url": reverse("beneficiaries:space_page", args=["plan"]),
    }


def plan_page(space: OpenSpace) -> dict:
    """The whole plan, as the person ticks it."""
    plan = selectors.own_plan(beneficiary=space.beneficiary)
    return {
        "rows": presenters.objective_rows(plan, today=local_day(space.now)),
        "targets": [target.label for target in plan.targets.all()] if plan else [],
        "adviser": plan.pathway.adviser.user.full_name if plan else "",
        "holder": plan.pathway.contract.holder.name if plan else "",
    }


def contribute() -> None:
    MENU.add(Entry("Actions types", "operators:ready_action_list", MANAGER, order=36, group=NETWORK))
    PARTS.add(PagePart("Plan d’action", "operators/casework/plans/section.html", plan_section), order=22)
    TIMELINE.add(plan_happenings)
    PREPARATIONS.add(plan_preparation)
    PANELS.add(PagePart("Mon plan d’action", "operators/casework/plans/panel.html", plan_panel), order=30)
    PAGES.add(
        Page(
            slug="plan",
            title="Mon plan d’action",
            data=plan_page,
            template="operators/casework/plans/own_plan.html",
        ),
        order=20,
    )
