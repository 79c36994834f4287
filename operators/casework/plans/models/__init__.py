from operators.casework.plans.models.plans import Action, ActionMove, ActionPlan, Objective, TargetOccupation
from operators.casework.plans.models.reference import Occupation, ReadyAction

__all__ = [
    "Action",
    "ActionMove",
    "ActionPlan",
    "Objective",
    "Occupation",
    "ReadyAction",
    "TargetOccupation",
]
