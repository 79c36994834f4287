from enum import nonmember

from django.db import models


class FileReasonKind(models.TextChoices):
    """Why an adviser who does not follow the person opens the file: a closed list, read by the person."""

    STAND_IN = "STAND_IN", "je remplace la personne qui suit ce dossier"
    HAND_OVER = "HAND_OVER", "ce dossier m’est transmis"
    CALL = "CALL", "la personne m’appelle ou m’écrit"
    SUPERVISION = "SUPERVISION", "on m’a demandé un avis sur ce parcours"
    OTHER = "OTHER", "autre raison"

    said_to_the_person = nonmember(
        {
            "STAND_IN": "remplacement de la personne qui vous suit",
            "HAND_OVER": "dossier transmis à un autre conseiller",
            "CALL": "vous avez appelé ou écrit",
            "SUPERVISION": "avis demandé à un collègue",
        }
    )
