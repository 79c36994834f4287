from django.db import models


class PeriodKind(models.TextChoices):
    MONTH = "MONTH", "mois"
    YEAR = "YEAR", "année"


class RunState(models.TextChoices):
    RUNNING = "RUNNING", "en cours"
    DONE = "DONE", "terminé"
    FAILED = "FAILED", "en échec"
