from enum import nonmember

from django.db import models


class MessageState(models.TextChoices):
    DUE = "DUE", "à envoyer"
    SENT = "SENT", "envoyé"
    EXPIRED = "EXPIRED", "périmé"
    FAILED = "FAILED", "en échec"
    CANCELLED = "CANCELLED", "retiré"

    lost = nonmember(("EXPIRED", "FAILED", "CANCELLED"))


class MessageChannel(models.TextChoices):
    EMAIL = "EMAIL", "courriel"
    SMS = "SMS", "SMS"


class MessageKind(models.TextChoices):
    """Why somebody is written to. What nobody just asked for is `unsolicited`: it shares one daily cap."""

    ACT = "ACT", "suite d’un acte"
    CODE = "CODE", "code"
    REMINDER = "REMINDER", "rappel"
    OFFER = "OFFER", "créneau proposé"
    ALERT = "ALERT", "alerte"
    SURVEY = "SURVEY", "enquête"
    STAFF = "STAFF", "message de service"

    unsolicited = nonmember(("REMINDER", "OFFER", "ALERT", "SURVEY"))


class Withdrawn(models.TextChoices):
    """Why a message that was written never left."""

    BY_ACT = "BY_ACT", "l’acte a été défait"
    NO_LONGER_TRUE = "NO_LONGER_TRUE", "ce qu’il dit n’est plus vrai"
    NOTHING_LEFT = "NOTHING_LEFT", "ce dont il parle n’existe plus"
    CAPPED = "CAPPED", "trop de messages à cette personne en un jour"
