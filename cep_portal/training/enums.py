from django.db import models


class Step(models.TextChoices):
    """How far the clock of the place goes forward at once."""

    DAY = "DAY", "Demain, même heure"
    WEEK = "WEEK", "Dans une semaine, même heure"
    MONTH = "MONTH", "Au 1er du mois prochain, même heure"
