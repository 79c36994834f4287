from cep_portal.common.errors import DomainError


class PlanRefused(DomainError):
    code = "plan_refused"


class PathwayIsClosed(PlanRefused):
    code = "pathway_is_closed"


class WrongMove(PlanRefused):
    code = "action_wrong_move"


class NotTheActor(PlanRefused):
    code = "action_of_another"


class NothingSaid(PlanRefused):
    code = "nothing_said"


class NothingChosen(PlanRefused):
    code = "nothing_chosen"


class TooManyTargets(PlanRefused):
    code = "too_many_targets"


class TargetKnown(PlanRefused):
    code = "target_known"


class ObjectiveHasActions(PlanRefused):
    code = "objective_has_actions"
