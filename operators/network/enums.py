from django.db import models


class ServiceLevel(models.TextChoices):
    ONE = "ONE", "niveau 1"
    TWO = "TWO", "niveau 2"


class Mode(models.TextChoices):
    ON_SITE = "ON_SITE", "sur place"
    PHONE = "PHONE", "par téléphone"
    VIDEO = "VIDEO", "en visio"
