from enum import nonmember

from django.db import models


class LineKind(models.TextChoices):
    """What a line of a delivery tells."""

    REQUEST = "DEMANDE", "demande"
    APPOINTMENT = "RENDEZ_VOUS", "rendez-vous"
    SESSION = "SEANCE", "séance"
    CLOSING = "CLOTURE", "clôture"


class WithdrawalReason(models.TextChoices):
    """Why an operator takes back a fact that it had sent."""

    SENT_TWICE = "SENT_TWICE", "envoyé deux fois"
    NOT_HELD = "NOT_HELD", "n’a pas eu lieu"
    WRONG_PERSON = "WRONG_PERSON", "erreur de personne"
    ENTRY_ERROR = "ENTRY_ERROR", "erreur de saisie"


class KeyKind(models.TextChoices):
    """What an operator's own number names; people and pathways are named by lines, never sent alone."""

    PERSON = "PERSONNE", "personne"
    REQUEST = "DEMANDE", "demande"
    APPOINTMENT = "RENDEZ_VOUS", "rendez-vous"
    PATHWAY = "PARCOURS", "parcours"
    SESSION = "SEANCE", "séance"
    CLOSING = "CLOTURE", "clôture"


class FileFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    JSON = "json", "JSON"

    media_types = nonmember(
        {
            "csv": "text/csv; charset=utf-8",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "json": "application/json",
        }
    )


class DeliveryState(models.TextChoices):
    WAITING = "WAITING", "en attente"
    RUNNING = "RUNNING", "lecture en cours"
    DONE = "DONE", "lue"
    REFUSED = "REFUSED", "illisible"
    FAILED = "FAILED", "en échec"

    under_way = nonmember(("WAITING", "RUNNING"))


DELIVERY_TRANSITIONS = {
    DeliveryState.WAITING: {DeliveryState.RUNNING},
    # Read again from its first line after a worker died: nothing of it had been written.
    DeliveryState.RUNNING: {*DeliveryState},
    DeliveryState.DONE: set(),
    DeliveryState.REFUSED: set(),
    DeliveryState.FAILED: {DeliveryState.RUNNING},
}
