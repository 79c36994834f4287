from enum import nonmember

from django.db import models


class SurveyKind(models.TextChoices):
    AT_CLOSING = "AT_CLOSING", "à la fin du parcours"


class Satisfaction(models.IntegerChoices):
    VERY_SATISFIED = 4, "Très satisfait"
    SATISFIED = 3, "Satisfait"
    LITTLE_SATISFIED = 2, "Peu satisfait"
    NOT_SATISFIED = 1, "Pas du tout satisfait"

    satisfied = nonmember((3, 4))
