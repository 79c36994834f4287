from django.db import models


class ServiceLevel(models.TextChoices):
    ONE = "ONE", "niveau 1"
    TWO = "TWO", "niveau 2"


class Mode(models.TextChoices):
    ON_SITE = "ON_SITE", "sur place"
    PHONE = "PHONE", "par téléphone"
    VIDEO = "VIDEO", "en visio"


class AdviserSkill(models.TextChoices):
    """What an adviser can do for an access need, without a third person."""

    SIGN_LANGUAGE = "SIGN_LANGUAGE", "langue des signes"
    EASY_TO_READ = "EASY_TO_READ", "documents faciles à lire"
