from enum import nonmember

from django.db import models


class Alike(models.TextChoices):
    """What two files have in common, with its weight: rules.score adds them, nothing else decides."""

    EMAIL = "EMAIL", "même adresse électronique"
    PHONE = "PHONE", "même téléphone"
    NAME = "NAME", "même nom"
    CLOSE_NAME = "CLOSE_NAME", "noms proches"
    COMMUNE = "COMMUNE", "même commune"

    weights = nonmember({"EMAIL": 40, "PHONE": 40, "NAME": 45, "CLOSE_NAME": 25, "COMMUNE": 15})


class PairState(models.TextChoices):
    FOUND = "FOUND", "à regarder"
    APART = "APART", "deux personnes"


class ContactPart(models.TextChoices):
    """What the two files may say differently, and the columns of each."""

    NAME = "NAME", "Nom"
    EMAIL = "EMAIL", "Adresse électronique"
    PHONE = "PHONE", "Téléphone"

    columns = nonmember(
        {
            "NAME": ("first_name", "last_name"),
            "EMAIL": ("email", "email_verified_at"),
            "PHONE": ("phone", "phone_verified_at"),
        }
    )


class MergeReason(models.TextChoices):
    SAID = "SAID", "La personne me l’a dit"
    CHECKED = "CHECKED", "Je l’ai vérifié avec elle au téléphone ou en face"
    OUR_ERROR = "OUR_ERROR", "Nous avons saisi deux fois la même personne"

    said_to_the_person = nonmember(
        {
            "SAID": "vous l’aviez dit à votre conseiller",
            "CHECKED": "cela a été vérifié avec vous",
            "OUR_ERROR": "vous aviez été saisi deux fois",
        }
    )
