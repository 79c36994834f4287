from enum import nonmember

from django.db import models


class ComplaintTopic(models.TextChoices):
    DELAY = "DELAY", "Un délai trop long"
    WELCOME = "WELCOME", "L’accueil ou le comportement"
    ACCESS = "ACCESS", "L’accessibilité"
    SUPPORT = "SUPPORT", "L’accompagnement reçu"
    PRIVACY = "PRIVACY", "La confidentialité, mes données"
    OTHER = "OTHER", "Autre chose"


class AnswerChannel(models.TextChoices):
    """How the person wants the answer: nobody needs an e-mail address to complain."""

    EMAIL = "EMAIL", "Par courriel"
    SMS = "SMS", "Par SMS, sur un mobile"
    PHONE = "PHONE", "Par téléphone"
    POST = "POST", "Par lettre"

    spoken = nonmember(("PHONE", "POST"))  # somebody tells it: who and when is kept


class ComplaintState(models.TextChoices):
    RECEIVED = "RECEIVED", "reçue"
    ANSWERED = "ANSWERED", "répondue"
    CONTESTED = "CONTESTED", "réponse contestée"

    closed = nonmember(("ANSWERED", "CONTESTED"))


COMPLAINT_TRANSITIONS = {
    ComplaintState.RECEIVED: {ComplaintState.ANSWERED},
    ComplaintState.ANSWERED: {ComplaintState.CONTESTED},
    ComplaintState.CONTESTED: {ComplaintState.ANSWERED},
}
