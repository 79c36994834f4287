from django.db import models


class CommitmentOutcome(models.TextChoices):
    """What a frozen figure says of a commitment; each has its reason in words."""

    MET = "MET", "tenu"
    MISSED = "MISSED", "manqué"
    NOT_SIGNIFICANT = "NOT_SIGNIFICANT", "non significatif"
    NOT_APPLICABLE = "NOT_APPLICABLE", "sans objet"
    REFUSED = "REFUSED", "sans clause"
    FAILED = "FAILED", "en échec"
