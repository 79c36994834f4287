from django.db import models

from beneficiaries.request.enums import Situation


class EmploymentStatus(models.TextChoices):
    """What the person does at work today. Never a word on health: « travailleur handicapé » is not copied."""

    EMPLOYEE = "EMPLOYEE", "Salarié du privé"
    EXECUTIVE = "EXECUTIVE", "Cadre du privé"
    SELF_EMPLOYED = "SELF_EMPLOYED", "Indépendant, artisan, commerçant, profession libérale"
    PUBLIC_AGENT = "PUBLIC_AGENT", "Agent public"
    IN_TRAINING = "IN_TRAINING", "En formation"
    JOB_SEEKER = "JOB_SEEKER", "En recherche d’emploi"
    NOT_WORKING = "NOT_WORKING", "Ni en emploi, ni en formation"


# What the answer to the triage says of it; the one that speaks of health says nothing here.
STATUS_SAID = {
    Situation.EMPLOYEE: EmploymentStatus.EMPLOYEE,
    Situation.EXECUTIVE: EmploymentStatus.EXECUTIVE,
    Situation.SELF_EMPLOYED: EmploymentStatus.SELF_EMPLOYED,
    Situation.PUBLIC_AGENT: EmploymentStatus.PUBLIC_AGENT,
    Situation.JOB_SEEKER: EmploymentStatus.JOB_SEEKER,
    Situation.YOUNG_OUTSIDE: EmploymentStatus.NOT_WORKING,
}


class SituationPart(models.TextChoices):
    """What a situation says, one by one, in the order it is read: values are the columns."""

    REASONS = "reasons", "Raisons"
    STATUS = "status", "Statut"
    CONTRACT_TYPE = "contract_type", "Contrat"
    PROFESSION = "profession", "Profession"
    SECTOR = "sector", "Secteur"
    EMPLOYER_SIZE = "employer_size", "Taille de l’employeur"
    DEPARTMENT = "department", "Département de travail"
    DIPLOMA = "diploma", "Diplôme"


class RectificationAnswer(models.TextChoices):
    CORRECTED = "CORRECTED", "corrigé"
    KEPT = "KEPT", "laissé tel quel"
