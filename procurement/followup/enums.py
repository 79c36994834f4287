from enum import nonmember

from django.db import models


class PenaltyState(models.TextChoices):
    PROPOSED = "PROPOSED", "proposée"
    NOTIFIED = "NOTIFIED", "notifiée pour observations"
    OBSERVED = "OBSERVED", "observations reçues"
    SILENT = "SILENT", "sans observation dans le délai"
    APPLIED = "APPLIED", "appliquée"
    REDUCED = "REDUCED", "réduite"
    WAIVED = "WAIVED", "levée"
    DROPPED = "DROPPED", "abandonnée avant notification"

    decided = nonmember(("APPLIED", "REDUCED", "WAIVED"))
    to_decide = nonmember(("OBSERVED", "SILENT"))


PENALTY_TRANSITIONS = {
    PenaltyState.PROPOSED: {PenaltyState.NOTIFIED, PenaltyState.DROPPED},
    PenaltyState.NOTIFIED: {PenaltyState.OBSERVED, PenaltyState.SILENT},
    PenaltyState.OBSERVED: {
        PenaltyState.APPLIED,
        PenaltyState.REDUCED,
        PenaltyState.WAIVED,
    },
    PenaltyState.SILENT: {
        PenaltyState.APPLIED,
        PenaltyState.REDUCED,
        PenaltyState.WAIVED,
    },
    PenaltyState.APPLIED: set(),
    PenaltyState.REDUCED: set(),
    PenaltyState.WAIVED: set(),
    PenaltyState.DROPPED: set(),
}

STATE_TONES = {
    PenaltyState.PROPOSED: "info",
    PenaltyState.NOTIFIED: "warning",
    PenaltyState.OBSERVED: "warning",
    PenaltyState.SILENT: "warning",
    PenaltyState.APPLIED: "error",
    PenaltyState.REDUCED: "error",
    PenaltyState.WAIVED: "success",
    PenaltyState.DROPPED: "neutral",
}
