from enum import nonmember

from django.db import models


class ComplaintTopic(models.TextChoices):
    DELAY = "DELAY", "Un délai trop long"
    WELCOME = "WELCOME", "L’accueil ou le comportement"
    ACCESS = "ACCESS", "L’accessibilité"
    SUPPORT = "SUPPORT", "L’accompagnement reçu"
    PRIVACY = "PRIVACY", "La confidentialité, mes données"
    OTHER = "OTHER", "Autre chose"


class ComplaintState(models.TextChoices):
    RECEIVED = "RECEIVED", "reçue"
    ANSWERED = "ANSWERED", "répondue"
    CONTESTED = "CONTESTED", "réponse contestée"

    closed = nonmember(("ANSWERED", "CONTESTED"))


COMPLAINT_TRANSITIONS = {
    ComplaintState.RECEIVED: {ComplaintState.ANSWERED},
    ComplaintState.ANSWERED: {ComplaintState.CONTESTED},
    ComplaintState.CONTESTED: set(),
}
