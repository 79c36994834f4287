from operators.casework.plans.services.actions import (
    add_ready_actions,
    change_action,
    drop_action,
    shift_action,
    write_action,
)
from operators.casework.plans.services.objectives import (
    add_target,
    remove_objective,
    remove_target,
    rename_objective,
    shift_objective,
    write_objective,
)
from operators.casework.plans.services.reference import (
    add_ready_action,
    load_plan_reference,
    withdraw_ready_action,
)
from operators.casework.plans.services.taking import take_over_plan
from operators.casework.plans.services.ticks import comment_action, tick_action, untick_action

__all__ = [
    "add_ready_action",
    "add_ready_actions",
    "add_target",
    "change_action",
    "comment_action",
    "drop_action",
    "load_plan_reference",
    "remove_objective",
    "remove_target",
    "rename_objective",
    "shift_action",
    "shift_objective",
    "take_over_plan",
    "tick_action",
    "untick_action",
    "withdraw_ready_action",
    "write_action",
    "write_objective",
]
