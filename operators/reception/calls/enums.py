from django.db import models


class Consent(models.TextChoices):
    """How a person agreed to a booking made by somebody else."""

    ALOUD = "ALOUD", "de vive voix"
    CODE = "CODE", "par le code reçu"
    OPERATOR = "OPERATOR", "recueilli par l’opérateur"
