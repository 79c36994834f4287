from enum import nonmember

from django.db import models


class HandoverKind(models.TextChoices):
    FINAL = "FINAL", "définitivement"
    TEMPORARY = "TEMPORARY", "jusqu’à un jour"
    UNTIL_BACK = "UNTIL_BACK", "jusqu’au retour"  # of a suspended adviser: no day is known

    lent = nonmember(("TEMPORARY", "UNTIL_BACK"))
    chosen_by_advisers = nonmember(("FINAL", "TEMPORARY"))
