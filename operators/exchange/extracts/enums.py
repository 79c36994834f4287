from enum import nonmember

from django.db import models


class ExtractKind(models.TextChoices):
    """The files a manager may ask for. Notes, plans, themes, names and contacts are in none of them."""

    ACTIVITY = "ACTIVITY", "Activité par lieu et par mois"
    SESSIONS = "SESSIONS", "Séances, une ligne par séance"
    APPOINTMENTS = "APPOINTMENTS", "Rendez-vous, une ligne par rendez-vous"

    # A line there is an act of one person: even unnamed, who knows the person may recognise it.
    about_people = nonmember(("SESSIONS", "APPOINTMENTS"))


class TableFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Classeur (XLSX)"

    media_types = nonmember(
        {
            "csv": "text/csv; charset=utf-8",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    )


class ExtractState(models.TextChoices):
    ASKED = "ASKED", "à décider"
    REFUSED = "REFUSED", "refusée"
    CANCELLED = "CANCELLED", "retirée"
    GRANTED = "GRANTED", "accordée, en préparation"
    READY = "READY", "prête"
    FAILED = "FAILED", "en échec"
    OVER = "OVER", "échue, fichier détruit"

    unjudged = nonmember(("ASKED", "CANCELLED"))


EXTRACT_TRANSITIONS = {
    ExtractState.ASKED: {ExtractState.GRANTED, ExtractState.REFUSED, ExtractState.CANCELLED},
    ExtractState.GRANTED: {ExtractState.READY, ExtractState.FAILED},
    ExtractState.READY: {ExtractState.OVER},
    ExtractState.REFUSED: set(),
    ExtractState.CANCELLED: set(),
    ExtractState.FAILED: set(),
    ExtractState.OVER: set(),
}
