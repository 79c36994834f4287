"""What the person, or the adviser beside the person, says of an action, also once the pathway is closed."""

from datetime import datetime

from django.db import transaction

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.pathways.services import require_not_transferred
from operators.casework.pathways.services.locks import lock_pathway
from operators.casework.plans import rules
from operators.casework.plans.enums import ActionState, MoveKind
from operators.casework.plans.errors import NothingSaid, NotTheActor
from operators.casework.plans.models import Action, ActionMove
from operators.casework.plans.services.actions import note_move, set_state


@transaction.atomic
def tick_action(*, action: Action, comment: str = "", by: User, now: datetime) -> Action:
    """Say that an action is done. Raises NotTheActor, WrongMove."""
    action = _locked(action, by)
    return set_state(
        action,
        ActionState.DONE,
        MoveKind.DONE,
        by=by,
        by_person=_is_person(by),
        comment=comment.strip(),
        now=now,
    )


@transaction.atomic
def untick_action(*, action: Action, by: User, now: datetime) -> Action:
    """Say that it is to do after all, also after giving it up. Raises NotTheActor, WrongMove."""
    action = _locked(action, by)
    return set_state(action, ActionState.TO_DO, MoveKind.UNDONE, by=by, by_person=_is_person(by), now=now)


@transaction.atomic
def comment_action(*, action: Action, comment: str, by: User, now: datetime) -> ActionMove:
    """Leave a word on an action, whoever acts. Raises NothingSaid."""
    action = _locked_row(action)
    if not comment.strip():
        raise NothingSaid("Écrivez un mot, ou revenez au plan.")
    return note_move(
        action, MoveKind.COMMENTED, by=by, by_person=_is_person(by), comment=comment.strip(), now=now
    )


def _locked(action: Action, by: User) -> Action:
    action = _locked_row(action)
    if not rules.may_tick(by, action.actor):
        raise NotTheActor("Cette action n’est pas à faire par vous : laissez plutôt un mot.")
    return action


def _locked_row(action: Action) -> Action:
    """Raises PathwayTransferred: the plan goes on elsewhere; FileRestricted."""
    lock_pathway(action.objective.plan.pathway_id)
    rows = Action.objects.select_for_update(of=("self",)).select_related("objective__plan")
    locked = rows.get(pk=action.pk)
    require_not_transferred(locked.objective.plan.pathway_id)
    return locked


def _is_person(by: User) -> bool:
    return by.role == Role.BENEFICIARY
