from enum import nonmember

from django.db import models


class TransferReason(models.TextChoices):
    MOVED = "MOVED", "La personne déménage"
    WORKPLACE = "WORKPLACE", "Elle préfère être reçue près de son travail"
    ASKED = "ASKED", "Elle demande à changer"
    CONTRACT_ENDS = "CONTRACT_ENDS", "Le contrat prend fin"


class TransferState(models.TextChoices):
    PREPARED = "PREPARED", "accord attendu"
    CONSENTED = "CONSENTED", "accord donné, à envoyer"
    SENT = "SENT", "envoyé, réponse attendue"
    RECEIVED = "RECEIVED", "reçu"
    REFUSED = "REFUSED", "refusé"
    WITHDRAWN = "WITHDRAWN", "retiré"
    EXPIRED = "EXPIRED", "sans suite, délai passé"

    open = nonmember(("PREPARED", "CONSENTED", "SENT"))
    seen_by_receiver = nonmember(("SENT", "RECEIVED", "REFUSED"))


_ENDS = {TransferState.WITHDRAWN, TransferState.EXPIRED}
TRANSFER_TRANSITIONS = {
    TransferState.PREPARED: {TransferState.CONSENTED, *_ENDS},
    TransferState.CONSENTED: {TransferState.SENT, *_ENDS},
    TransferState.SENT: {TransferState.RECEIVED, TransferState.REFUSED, *_ENDS},
    TransferState.RECEIVED: set(),
    TransferState.REFUSED: set(),
    TransferState.WITHDRAWN: set(),
    TransferState.EXPIRED: set(),
}


class ItemKind(models.TextChoices):
    """What may go, in the order shown; each file is an item of its own."""

    SITUATION = "SITUATION", "Situation"
    SESSIONS = "SESSIONS", "Séances"
    PLAN = "PLAN", "Plan d’action"
    SUMMARY = "SUMMARY", "Document de synthèse"
    FILE = "FILE", "Fichier"
    NOTES = "NOTES", "Notes d’entretien"


class ConsentWay(models.TextChoices):
    SPACE = "SPACE", "dans l’espace personnel"
    LINK = "LINK", "par un lien et un code"


class RefusalReason(models.TextChoices):
    NOT_HERE = "NOT_HERE", "Ce lieu n’est pas de notre contrat"
    PERSON_CHANGED = "PERSON_CHANGED", "La personne a changé d’avis"
    NOT_ENOUGH = "NOT_ENOUGH", "L’inventaire ne suffit pas : à préparer de nouveau"


class WithdrawnBy(models.TextChoices):
    PERSON = "PERSON", "la personne"
    ADVISER = "ADVISER", "le conseiller"
    FILE = "FILE", "le gel ou l’effacement du dossier"
