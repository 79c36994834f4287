from django.db import models


class Seen(models.TextChoices):
    """What a session showed: the closed list that comes before free words."""

    PROJECT_CLEARER = "PROJECT_CLEARER", "Le projet se précise"
    PROJECT_CHANGED = "PROJECT_CHANGED", "Le projet a changé"
    SKILLS_NAMED = "SKILLS_NAMED", "Des compétences ont été nommées"
    FIELD_CHECKED = "FIELD_CHECKED", "Le métier visé a été confronté au terrain"
    FUNDING_FOUND = "FUNDING_FOUND", "Un financement est identifié"
    EMPLOYER_TOLD = "EMPLOYER_TOLD", "L’employeur est informé du projet"
    TIME_IS_SHORT = "TIME_IS_SHORT", "Une échéance approche"
    NEEDS_SUPPORT = "NEEDS_SUPPORT", "La personne demande plus d’appui"
    HESITATES = "HESITATES", "La personne hésite ou fait une pause"


class KeepReason(models.TextChoices):
    """Why a sensitive word stays in a note; the reason is written in the journal, never the word."""

    PERSON_ASKED = "PERSON_ASKED", "La personne m’a demandé de le noter"
    NEEDED = "NEEDED", "C’est indispensable à l’accompagnement demandé"
    OTHER_MEANING = "OTHER_MEANING", "Le mot a ici un autre sens"


class WithholdReason(models.TextChoices):
    """The only grounds to keep a note from the person it speaks of (RGPD, article 15.4)."""

    OTHER_PERSON = "OTHER_PERSON", "elle livrerait la vie privée d’une autre personne"
    OTHER_SECRET = "OTHER_SECRET", "elle livrerait un secret confié par quelqu’un d’autre"
