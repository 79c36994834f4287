from enum import nonmember

from django.db import models


class Actor(models.TextChoices):
    """Who does an action."""

    PERSON = "PERSON", "la personne"
    ADVISER = "ADVISER", "le conseiller"
    PARTNER = "PARTNER", "un partenaire"


class ActionState(models.TextChoices):
    TO_DO = "TO_DO", "à faire"
    DONE = "DONE", "fait"
    DROPPED = "DROPPED", "abandonné"


ACTION_TRANSITIONS = {
    ActionState.TO_DO: {ActionState.DONE, ActionState.DROPPED},
    ActionState.DONE: {ActionState.TO_DO},
    ActionState.DROPPED: {ActionState.TO_DO},
}


class MoveKind(models.TextChoices):
    """What happened to an action: one row each, never changed."""

    WRITTEN = "WRITTEN", "ajoutée"
    CHANGED = "CHANGED", "modifiée"
    DONE = "DONE", "faite"
    UNDONE = "UNDONE", "remise à faire"
    DROPPED = "DROPPED", "abandonnée"
    COMMENTED = "COMMENTED", "commentée"

    told = nonmember(("DONE", "UNDONE", "COMMENTED"))  # what the next session opens on
