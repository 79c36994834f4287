from enum import nonmember

from django.db import models


class Situation(models.TextChoices):
    """What the person does today; decides the door."""

    EMPLOYEE = "EMPLOYEE", "Salarié du privé (CDI, CDD, intérim, apprentissage)"
    SELF_EMPLOYED = (
        "SELF_EMPLOYED",
        "Indépendant, artisan, commerçant, profession libérale",
    )
    EXECUTIVE = "EXECUTIVE", "Cadre"
    JOB_SEEKER = "JOB_SEEKER", "En recherche d’emploi"
    YOUNG_OUTSIDE = "YOUNG_OUTSIDE", "Moins de 26 ans, ni en emploi ni en formation"
    DISABLED_WORKER = "DISABLED_WORKER", "Travailleur handicapé en emploi"
    PUBLIC_AGENT = "PUBLIC_AGENT", "Agent public"


class CommuneBasis(models.TextChoices):
    HOME = "HOME", "Où j’habite"
    WORK = "WORK", "Où je travaille"


class Need(models.TextChoices):
    TAKE_STOCK = "TAKE_STOCK", "Faire le point sur ma situation"
    CHANGE_JOB = "CHANGE_JOB", "Changer de métier ou de secteur"
    TRAINING = "TRAINING", "Me former, valider mon expérience"
    CREATE_BUSINESS = "CREATE_BUSINESS", "Créer ou reprendre une entreprise"
    RESIGN_TO_RETRAIN = "RESIGN_TO_RETRAIN", "Démissionner pour me reconvertir"
    GROW = "GROW", "Évoluer dans mon entreprise"
    OTHER = "OTHER", "Autre chose, ou je ne sais pas encore"


class Urgency(models.TextChoices):
    """What presses; a date the person did not choose comes first on the operator's desk."""

    NO_HURRY = "NO_HURRY", "Rien ne presse"
    WITHIN_MONTH = "WITHIN_MONTH", "J’aimerais avancer dans le mois"
    RESIGNATION = "RESIGNATION", "Je compte démissionner"
    CONTRACT_END = "CONTRACT_END", "Mon contrat se termine"
    DISMISSAL = "DISMISSAL", "Un licenciement est annoncé"

    dated = nonmember(("RESIGNATION", "CONTRACT_END", "DISMISSAL"))
    desk_words = nonmember(
        {
            "WITHIN_MONTH": "dans le mois",
            "RESIGNATION": "démission",
            "CONTRACT_END": "fin de contrat",
            "DISMISSAL": "licenciement",
        }
    )


class AccessNeed(models.TextChoices):
    STEP_FREE = "STEP_FREE", "Accès sans marche"
    SIGN_LANGUAGE = "SIGN_LANGUAGE", "Langue des signes"
    EASY_TO_READ = "EASY_TO_READ", "Documents faciles à lire"
    PHONE_RELAY = "PHONE_RELAY", "Relais téléphonique"
    INTERPRETER = "INTERPRETER", "Interprète"
    COMPANION = "COMPANION", "Venir accompagné"


class RequestState(models.TextChoices):
    REGISTERED = "REGISTERED", "enregistrée"
    SCHEDULED = "SCHEDULED", "rendez-vous pris"
    SERVED = "SERVED", "personne reçue"


REQUEST_TRANSITIONS = {
    RequestState.REGISTERED: {RequestState.SCHEDULED, RequestState.SERVED},
    RequestState.SCHEDULED: {RequestState.REGISTERED, RequestState.SERVED},
    RequestState.SERVED: set(),
}


class ContactHours(models.TextChoices):
    """When a person may be written to or called without anybody at work noticing; local hours."""

    ANY = "ANY", "À toute heure de la journée"
    BEFORE_9 = "BEFORE_9", "Avant 9 heures"
    LUNCH = "LUNCH", "Entre midi et 14 heures"
    AFTER_18 = "AFTER_18", "Après 18 heures"
