from cep_portal.common.errors import DomainError


class SituationRefused(DomainError):
    """A situation that cannot be written; `field` names the question to repair, if there is one."""

    code = "situation_refused"
    field: str | None = None


class ReasonMissing(SituationRefused):
    code = "reason_missing"
    field = "reasons"


class StartOutOfBounds(SituationRefused):
    code = "situation_start_out_of_bounds"
    field = "starts_on"


class StartTaken(SituationRefused):
    code = "situation_start_taken"
    field = "starts_on"


class NothingChanged(SituationRefused):
    code = "situation_nothing_changed"


class AlreadyReplaced(SituationRefused):
    code = "situation_already_replaced"


class PathwayNotOpen(SituationRefused):
    code = "situation_pathway_not_open"


class NothingRecorded(SituationRefused):
    code = "situation_nothing_recorded"


class PartsMissing(SituationRefused):
    code = "rectification_parts_missing"
    field = "parts"


class RectificationOpen(SituationRefused):
    code = "rectification_open"


class NothingCorrected(SituationRefused):
    code = "rectification_nothing_corrected"


class AlreadyAnswered(SituationRefused):
    code = "rectification_already_answered"
