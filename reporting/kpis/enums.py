from django.db import models


class PeriodKind(models.TextChoices):
    """A window that a figure is counted over; TO_DATE is the year's closed months, in any year."""

    MONTH = "MONTH", "mois"
    QUARTER = "QUART", "trimestre"
    YEAR = "YEAR", "année"
    TO_DATE = "SINCE", "depuis janvier"
    ROLLING = "ROLL", "12 mois"


class RunState(models.TextChoices):
    RUNNING = "RUNNING", "en cours"
    DONE = "DONE", "terminé"
    FAILED = "FAILED", "en échec"
