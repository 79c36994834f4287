from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.plans.enums import ACTION_TRANSITIONS, ActionState, Actor

MOST_TARGETS = 5


def can_write_plans(user: User) -> bool:
    """Who counsels writes the plan with the person; who books reads none."""
    return user.role == Role.ADVISER


def can_follow_own_plan(user: User) -> bool:
    return user.role == Role.BENEFICIARY


def can_keep_ready_actions(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def may_move(state: str, target: str) -> bool:
    return target in ACTION_TRANSITIONS[ActionState(state)]


def may_tick(user: User, actor: str) -> bool:
    """The person ticks the actions that are the person's; an adviser ticks any, with the person."""
    return can_write_plans(user) or (can_follow_own_plan(user) and actor == Actor.PERSON)
