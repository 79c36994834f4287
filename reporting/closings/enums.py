from django.db import models


class ClosingState(models.TextChoices):
    """How far a month of a contract is from figures that nothing changes any more."""

    COLLECTING = "COLLECTING", "collecte en cours"
    PROVISIONAL = "PROVISIONAL", "provisoire, contestable"
    CONTESTED = "CONTESTED", "contestations closes"
    FROZEN = "FROZEN", "arrêté"


CLOSING_TRANSITIONS: dict[ClosingState, tuple[ClosingState, ...]] = {
    ClosingState.COLLECTING: (ClosingState.PROVISIONAL,),
    ClosingState.PROVISIONAL: (ClosingState.CONTESTED,),
    ClosingState.CONTESTED: (ClosingState.FROZEN,),
    ClosingState.FROZEN: (),
}

STATE_TONES = {
    ClosingState.COLLECTING: "neutral",
    ClosingState.PROVISIONAL: "info",
    ClosingState.CONTESTED: "warning",
    ClosingState.FROZEN: "success",
}


class ValueStatus(models.TextChoices):
    """Whether a frozen figure may decide anything (INV-17)."""

    OK = "OK", "significatif"
    NOT_APPLICABLE = "NOT_APPLICABLE", "sans objet"
    NOT_SIGNIFICANT = "NOT_SIGNIFICANT", "non significatif"


class DisputeOutcome(models.TextChoices):
    ACCEPTED = "ACCEPTED", "acceptée"
    REJECTED = "REJECTED", "rejetée"


class NeutralReason(models.TextChoices):
    """Why days of a contract are left out of its figures; each needs a decision of two people."""

    FORCE_MAJEURE = "FORCE_MAJEURE", "force majeure"
    BUYER_ACT = "BUYER_ACT", "fait de France compétences"
    OUTAGE = "OUTAGE", "panne nationale du portail"


class RequestDecision(models.TextChoices):
    ACCEPTED = "ACCEPTED", "acceptée"
    REFUSED = "REFUSED", "refusée"


class RestatementDecision(models.TextChoices):
    """What is done of a frozen figure that late facts have moved by more than its materiality."""

    KEEP = "KEEP", "garder le chiffre arrêté"
    REGULARISE = "REGULARISE", "régulariser le mois suivant"
    REOPEN = "REOPEN", "rouvrir le mois"
