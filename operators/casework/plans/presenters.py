"""A plan in rows, from objects already loaded: no query here."""

from datetime import date

from cep_portal.common.wording.numbers import plural
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from operators.casework.plans.enums import ActionState, Actor
from operators.casework.plans.models import Action, ActionPlan

BADGES = {ActionState.DONE: "success", ActionState.DROPPED: "neutral"}


def objective_rows(plan: ActionPlan | None, *, today: date) -> list[dict]:
    """Each objective with its actions and how many of them are done."""
    if plan is None:
        return []
    rows = []
    for objective in plan.objectives.all():
        actions = [action_row(action, today=today) for action in objective.actions.all()]
        kept = [row for row in actions if row["action"].state != ActionState.DROPPED]
        done = sum(row["is_done"] for row in kept)
        rows.append(
            {
                "objective": objective,
                "actions": actions,
                "progress": f"{done} sur {len(kept)}" if kept else "",
                "is_reached": bool(kept) and done == len(kept),
            }
        )
    return rows


def action_row(action: Action, *, today: date) -> dict:
    return {
        "action": action,
        "is_done": action.state == ActionState.DONE,
        "is_late": action.state == ActionState.TO_DO and (action.due_on or today) < today,
        "is_of_person": action.actor == Actor.PERSON,
        "badge_kind": BADGES.get(ActionState(action.state), "info"),
        "word": next(iter(getattr(action, "words", [])), None),
    }


def actions_of(plan: ActionPlan | None) -> list[Action]:
    """The actions of a plan that nobody gave up."""
    if plan is None:
        return []
    actions = [action for objective in plan.objectives.all() for action in objective.actions.all()]
    return [action for action in actions if action.state != ActionState.DROPPED]


def moved_words(moved: dict[str, int] | None) -> list[str]:
    """« 2 actions faites depuis », « 1 mot laissé dans le plan »."""
    if not moved:
        return []
    words = []
    if done := moved["done"]:
        words.append(f"{done}{NO_BREAK_SPACE}action{plural(done)} faite{plural(done)} depuis")
    if said := moved["said"]:
        words.append(f"{said}{NO_BREAK_SPACE}mot{plural(said)} laissé{plural(said)} dans le plan")
    return words
