from cep_portal.common.errors import DomainError


class PenaltyClauseUnknown(DomainError):
    code = "penalty_clause_unknown"


class NotApplicable(DomainError):
    """Nothing was counted: neither met nor missed (INV-17)."""

    code = "not_applicable"


class NotSignificant(DomainError):
    """Too few were counted to conclude (INV-17)."""

    code = "not_significant"


class PenaltyStateRefused(DomainError):
    code = "penalty_state_refused"


class ObservationsTooLate(DomainError):
    code = "observations_too_late"


class ObservationsEmpty(DomainError):
    code = "observations_empty"


class PenaltyNotYours(DomainError):
    code = "penalty_not_yours"


class MandateNotEntitled(DomainError):
    code = "mandate_not_entitled"


class SameHands(DomainError):
    """Two steps of one procedure by the same person or mandate (INV-22)."""

    code = "same_hands"


class ReasonsMissing(DomainError):
    code = "reasons_missing"


class DecidedAmountRefused(DomainError):
    code = "decided_amount_refused"


class FigureCorrected(DomainError):
    """The frozen figure and the fresh one differ: a decision needs a sentence more."""

    code = "figure_corrected"


class ClauseMissing(DomainError):
    """A clause that the act needs is not in the rule set of the market."""

    code = "clause_missing"
