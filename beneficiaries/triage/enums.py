from django.db import models


class TriageOutcome(models.TextChoices):
    """Where the answers lead: this service, or another door named with its reason."""

    ELIGIBLE = "ELIGIBLE", "reçu par l’opérateur régional"
    REDIRECTED = "REDIRECTED", "orienté vers un autre service"
