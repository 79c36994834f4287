from cep_portal.common.errors import DomainError


class HandoverRefused(DomainError):
    """A pathway that cannot be handed over; `field` names the answer to repair, if there is one."""

    code = "handover_refused"
    field: str | None = None


class ColleagueUnfit(HandoverRefused):
    code = "colleague_unfit"
    field = "colleague"


class UntilPast(HandoverRefused):
    code = "until_past"
    field = "until"


class HandoverRunning(HandoverRefused):
    code = "handover_running"


class PathwayNotOpen(HandoverRefused):
    code = "pathway_not_open"


class HandoverEnded(HandoverRefused):
    code = "handover_ended"
