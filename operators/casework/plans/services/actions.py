from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.versions import Seen, check_seen
from operators.casework.plans import rules
from operators.casework.plans.enums import ActionState, MoveKind
from operators.casework.plans.errors import NothingChosen, WrongMove
from operators.casework.plans.models import Action, ActionMove, Objective, ReadyAction
from operators.casework.plans.services.locks import lock_open, shifted


@transaction.atomic
def write_action(
    *,
    objective: Objective,
    title: str,
    actor: str,
    due_on: date | None = None,
    help_text: str = "",
    by: User,
    now: datetime,
) -> Action:
    """Add an action at the end of an objective. Raises PathwayIsClosed."""
    lock_open(objective.plan.pathway_id)
    last = objective.actions.aggregate(last=Max("position"))["last"] or 0
    action = Action.objects.create(
        objective=objective,
        title=title.strip(),
        help_text=help_text.strip(),
        actor=actor,
        due_on=due_on,
        position=last + 1,
        state=ActionState.TO_DO,
        state_at=now,
    )
    note_move(action, MoveKind.WRITTEN, by=by, now=now)
    return action


@transaction.atomic
def add_ready_actions(
    *, objective: Objective, ready: Collection[ReadyAction], today: date, by: User, now: datetime
) -> list[Action]:
    """Put ready-made actions in an objective, each due as many days after `today` as it proposes.

    Raises NothingChosen, PathwayIsClosed.
    """
    lock_open(objective.plan.pathway_id)
    if not ready:
        raise NothingChosen("Cochez au moins une action.")
    return [
        write_action(
            objective=objective,
            title=action.title,
            help_text=action.help_text,
            actor=action.actor,
            due_on=today + timedelta(days=action.days),
            by=by,
            now=now,
        )
        for action in ready
    ]


@transaction.atomic
def change_action(
    *,
    action: Action,
    title: str,
    actor: str,
    due_on: date | None,
    help_text: str,
    seen: Seen | None = None,
    by: User,
    now: datetime,
) -> Action:
    """Rewrite an action; nothing is noted when nothing differs. Raises PathwayIsClosed, ChangedMeanwhile."""
    action = lock_to_write(action)
    check_seen(seen, {name: getattr(action, name) for name in ("title", "actor", "due_on", "help_text")})
    new = {"title": title.strip(), "actor": actor, "due_on": due_on, "help_text": help_text.strip()}
    changed = [name for name, value in new.items() if getattr(action, name) != value]
    if not changed:
        return action
    for name in changed:
        setattr(action, name, new[name])
    action.save(update_fields=changed)
    note_move(action, MoveKind.CHANGED, by=by, now=now)
    return action


@transaction.atomic
def shift_action(*, action: Action, up: bool, by: User, now: datetime) -> None:
    """Swap an action with its neighbour; nothing happens at an end. Raises PathwayIsClosed."""
    action = lock_to_write(action)
    others = Action.objects.filter(objective=action.objective_id)
    target = shifted(list(others.values_list("position", flat=True)), action.position, up=up)
    if target is None:
        return
    others.filter(position=target).update(position=action.position)
    action.position = target
    action.save(update_fields=["position"])
    record(action="operators.plan.reordered", target=action, by=by, now=now)


@transaction.atomic
def drop_action(*, action: Action, by: User, now: datetime) -> Action:
    """Give up an action; its history stays. Raises WrongMove, PathwayIsClosed."""
    return set_state(lock_to_write(action), ActionState.DROPPED, MoveKind.DROPPED, by=by, now=now)


def lock_to_write(action: Action) -> Action:
    """The action, locked after its pathway, that must be open."""
    lock_open(action.objective.plan.pathway_id)
    return Action.objects.select_for_update(of=("self",)).select_related("objective__plan").get(pk=action.pk)


def set_state(
    action: Action,
    state: ActionState,
    kind: MoveKind,
    *,
    by: User,
    by_person: bool = False,
    comment: str = "",
    now: datetime,
) -> Action:
    """Move a locked action, and note who, when, what. Raises WrongMove."""
    if not rules.may_move(action.state, state):
        raise WrongMove(f"Cette action est déjà « {action.get_state_display()} ».")
    action.state, action.state_at = state, now
    action.save(update_fields=["state", "state_at"])
    note_move(action, kind, by=by, by_person=by_person, comment=comment, now=now)
    return action


def note_move(
    action: Action, kind: MoveKind, *, by: User, by_person: bool = False, comment: str = "", now: datetime
) -> ActionMove:
    """One row of the plan's history, and its audit line, without the words."""
    record(action=f"operators.plan.action_{kind.lower()}", target=action, by=by, now=now)
    return ActionMove.objects.create(
        action=action, kind=kind, by=by, by_person=by_person, comment=comment, at=now
    )
