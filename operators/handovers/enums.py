from django.db import models


class HandoverKind(models.TextChoices):
    FINAL = "FINAL", "définitivement"
    TEMPORARY = "TEMPORARY", "jusqu’à un jour"
