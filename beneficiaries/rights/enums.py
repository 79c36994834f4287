from django.db import models


class CodePurpose(models.TextChoices):
    """What a code sent to an address confirms."""

    EMAIL = "EMAIL", "changer d’adresse"
    ERASURE = "ERASURE", "effacer mes données"
    TRANSFER = "TRANSFER", "répondre à votre conseiller"


class ExportState(models.TextChoices):
    """Never stored: read from the instants of the export."""

    RUNNING = "RUNNING", "en préparation"
    READY = "READY", "prête"
    FAILED = "FAILED", "en échec"
    OVER = "OVER", "retirée"
