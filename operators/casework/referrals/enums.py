from enum import nonmember

from django.db import models


class DoorKind(models.TextChoices):
    """The service that receives the person next."""

    TRANSITIONS_PRO = "TRANSITIONS_PRO", "Transitions Pro"
    OPCO = "OPCO", "Opérateur de compétences (OPCO)"
    CPF = "CPF", "Compte formation (CPF)"
    VAE = "VAE", "Validation des acquis (VAE)"
    APEC = "APEC", "Apec"
    FRANCE_TRAVAIL = "FRANCE_TRAVAIL", "France Travail"
    CAP_EMPLOI = "CAP_EMPLOI", "Cap emploi"
    MISSION_LOCALE = "MISSION_LOCALE", "Mission locale"
    BUSINESS = "BUSINESS", "Création et reprise d’entreprise"
    SOCIAL = "SOCIAL", "Droits et aide sociale"
    HEALTH_AT_WORK = "HEALTH_AT_WORK", "Santé au travail"
    OTHER = "OTHER", "Autre"


class ReferralReason(models.TextChoices):
    FUND_TRAINING = "FUND_TRAINING", "Financer une formation"
    RETRAIN = "RETRAIN", "Se reconvertir en gardant son contrat, ou après une démission"
    RECOGNISE = "RECOGNISE", "Faire reconnaître son expérience"
    BUSINESS = "BUSINESS", "Créer ou reprendre une entreprise"
    FIND_JOB = "FIND_JOB", "Chercher un emploi"
    OWN_SPECIALIST = "OWN_SPECIALIST", "Être conseillé par un spécialiste de son statut"
    RIGHTS = "RIGHTS", "Connaître ses droits, trouver une aide"
    WORK_AND_HEALTH = "WORK_AND_HEALTH", "Travail et santé"
    OTHER = "OTHER", "Autre besoin"


class Way(models.TextChoices):
    """How the partner learns of the person."""

    MESSAGE = "MESSAGE", "message avec un lien"
    PERSON = "PERSON", "la personne s’y adresse elle-même"


class ReferralState(models.TextChoices):
    PENDING = "PENDING", "sans réponse"
    ACCEPTED = "ACCEPTED", "acceptée"
    REFUSED = "REFUSED", "refusée"
    DONE = "DONE", "personne reçue"
    WITHDRAWN = "WITHDRAWN", "retirée"

    open = nonmember(("PENDING", "ACCEPTED"))
    answers = nonmember(("ACCEPTED", "REFUSED", "DONE"))


REFERRAL_TRANSITIONS = {
    ReferralState.PENDING: {
        ReferralState.ACCEPTED,
        ReferralState.REFUSED,
        ReferralState.DONE,
        ReferralState.WITHDRAWN,
    },
    ReferralState.ACCEPTED: {ReferralState.REFUSED, ReferralState.DONE, ReferralState.WITHDRAWN},
    ReferralState.REFUSED: set(),
    ReferralState.DONE: set(),
    ReferralState.WITHDRAWN: set(),
}


class AnsweredBy(models.TextChoices):
    LINK = "LINK", "le partenaire, par son lien"
    ADVISER = "ADVISER", "le conseiller, qui l’a appris"
