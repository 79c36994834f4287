from enum import nonmember

from django.db import models


class PathwayState(models.TextChoices):
    OPEN = "OPEN", "en cours"
    CLOSED = "CLOSED", "clos"


PATHWAY_TRANSITIONS = {
    PathwayState.OPEN: {PathwayState.CLOSED},
    PathwayState.CLOSED: {PathwayState.OPEN},
}


class Attendance(models.TextChoices):
    """The answer to "did it take place?" on the session log."""

    ATTENDED = "ATTENDED", "La personne est venue"
    NO_SHOW = "NO_SHOW", "La personne n’est pas venue"
    CANCELLED_BY_PERSON = "CANCELLED_BY_PERSON", "La personne a annulé"
    CANCELLED_BY_OPERATOR = "CANCELLED_BY_OPERATOR", "Nous avons annulé"

    cancelled = nonmember(("CANCELLED_BY_PERSON", "CANCELLED_BY_OPERATOR"))


class Theme(models.TextChoices):
    SITUATION = "SITUATION", "Analyse de la situation"
    SKILLS = "SKILLS", "Compétences et expérience"
    PROJECT = "PROJECT", "Projet professionnel"
    JOB_MARKET = "JOB_MARKET", "Métiers et marché du travail"
    TRAINING = "TRAINING", "Formation et certification"
    FUNDING = "FUNDING", "Financement"
    BUSINESS = "BUSINESS", "Création d’entreprise"
    WORKING_LIFE = "WORKING_LIFE", "Conditions de travail, santé"

    sensitive = nonmember(("WORKING_LIFE",))  # says something of health (RGPD, article 9)


class NextStep(models.TextChoices):
    NEXT_SESSION = "NEXT_SESSION", "Un prochain rendez-vous"
    PERSON_ACTS = "PERSON_ACTS", "La personne avance de son côté"
    REFERRAL = "REFERRAL", "Une orientation vers un partenaire"
    CLOSE = "CLOSE", "Le parcours s’arrête là"


class CorrectionReason(models.TextChoices):
    """Why a logged session is corrected: a closed list, which tells nothing of what was said."""

    ENTRY_ERROR = "ENTRY_ERROR", "Erreur de saisie"
    TIME = "TIME", "Heure ou durée à rectifier"
    WORK_DONE = "WORK_DONE", "Niveau, modalité ou thèmes à rectifier"
    ASKED = "ASKED", "À la demande de la personne"


class CorrectionChannel(models.TextChoices):
    PAGE = "PAGE", "page"
    API = "API", "logiciel"
    FILE = "FILE", "remontée"


class ClosingOutcome(models.TextChoices):
    PROJECT_READY = "PROJECT_READY", "Projet prêt à être mis en œuvre"
    TRAINING_STARTED = "TRAINING_STARTED", "Formation engagée"
    JOB_CHANGED = "JOB_CHANGED", "Changement d’emploi ou d’activité"
    NEED_MET = "NEED_MET", "Besoin d’information satisfait"
    STOPPED = "STOPPED", "Arrêt à la demande de la personne"
    LOST = "LOST", "Sans nouvelles de la personne"
    TRANSFERRED = "TRANSFERRED", "Confié à un autre opérateur"

    @classmethod
    def to_choose(cls) -> list[tuple[str, str]]:
        """What an adviser may say; a transfer says the last one by itself."""
        return [
            (closing_outcome.value, str(closing_outcome.label))
            for closing_outcome in cls
            if closing_outcome != cls.TRANSFERRED
        ]
