from django.db import models


class PackState(models.TextChoices):
    """Read from the row, never stored."""

    RUNNING = "running", "en préparation"
    DONE = "done", "prêt"
    FAILED = "failed", "en échec"
