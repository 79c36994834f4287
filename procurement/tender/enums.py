from django.db import models


class LotKind(models.TextChoices):
    REGIONAL = "REGIONAL", "régional"
    TECHNICAL = "TECHNICAL", "technique"
    OVERSEAS_BACKUP = "OVERSEAS_BACKUP", "secours outre-mer"


class LotOutcome(models.TextChoices):
    OPEN = "OPEN", "en cours"
    AWARDED = "AWARDED", "attribué"
    NO_OFFER = "NO_OFFER", "infructueux"


class RuleSetState(models.TextChoices):
    DRAFT = "DRAFT", "brouillon"
    APPROVED = "APPROVED", "approuvé"
    RETIRED = "RETIRED", "retiré"


# An approved rule set is never a draft again, whatever the number of steps: a correction is a new version.
RULE_SET_TRANSITIONS = {
    RuleSetState.DRAFT: {RuleSetState.APPROVED},
    RuleSetState.APPROVED: {RuleSetState.RETIRED},
    RuleSetState.RETIRED: set(),
}
