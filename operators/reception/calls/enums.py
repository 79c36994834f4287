from django.db import models


class Consent(models.TextChoices):
    """How a person agreed to a booking made by somebody else."""

    ALOUD = "ALOUD", "de vive voix"
    CODE = "CODE", "par le code reçu"
    OPERATOR = "OPERATOR", "recueilli par l’opérateur"


class RequestEndReason(models.TextChoices):
    """Why a request is answered without an appointment: a closed list, which tells nothing of the person."""

    UNREACHED = "UNREACHED", "Personne injoignable"
    NOT_WANTED = "NOT_WANTED", "La personne ne veut plus de rendez-vous"
    ELSEWHERE = "ELSEWHERE", "La personne est suivie ailleurs"
    ASKED_TWICE = "ASKED_TWICE", "Demande faite deux fois"
