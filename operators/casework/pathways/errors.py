from cep_portal.common.errors import DomainError


class LogRefused(DomainError):
    """A session log that cannot be written; `field` names the question to repair, if there is one."""

    code = "log_refused"
    field: str | None = None


class AlreadyLogged(LogRefused):
    code = "already_logged"


class NoShowStands(LogRefused):
    code = "no_show_stands"


class NotStartedYet(LogRefused):
    code = "not_started_yet"


class StartOnAnotherDay(LogRefused):
    code = "start_on_another_day"
    field = "starts"


class StartInTheFuture(LogRefused):
    code = "start_in_the_future"
    field = "starts"


class DurationOutOfBounds(LogRefused):
    code = "duration_out_of_bounds"
    field = "duration_minutes"


class ThemesMissing(LogRefused):
    code = "themes_missing"
    field = "themes"


class NextStepMissing(LogRefused):
    code = "next_step_missing"
    field = "next_step"


class OutcomeMissing(LogRefused):
    code = "outcome_missing"
    field = "outcome"


class OutcomeWithoutClosing(LogRefused):
    code = "outcome_without_closing"
    field = "next_step"


class NothingToClose(LogRefused):
    code = "nothing_to_close"
    field = "next_step"


class OutcomeNotChosen(LogRefused):
    """An outcome that only a transfer gives."""

    code = "outcome_not_chosen"
    field = "outcome"


class PathwayTransferred(DomainError):
    """Nothing is added to a pathway that goes on at another operator."""

    code = "pathway_transferred"


class PathwayAlreadyClosed(LogRefused):
    code = "pathway_already_closed"
    field = "next_step"


class SessionOverlaps(LogRefused):
    """The adviser or the person has a session at that hour: an act is never written twice."""

    code = "session_overlaps"
    field = "starts"


class StartBeforeContract(LogRefused):
    code = "start_before_contract"
    field = "held_on"


class StartAfterContract(LogRefused):
    code = "start_after_contract"
    field = "held_on"


class MonthFrozen(LogRefused):
    """The figures of a month are closed: what they counted changes no more."""

    code = "month_frozen"


class ReasonMissing(LogRefused):
    code = "reason_missing"
    field = "reason"


class NothingCorrected(LogRefused):
    code = "nothing_corrected"


class ClosingNotCorrected(LogRefused):
    code = "closing_not_corrected"
    field = "next_step"


class StartAfterClosing(LogRefused):
    code = "start_after_closing"
    field = "starts"


class CorrectionOver(LogRefused):
    code = "correction_over"


class CancelledAtInvalid(LogRefused):
    code = "cancelled_at_invalid"
    field = "cancelled_at"
