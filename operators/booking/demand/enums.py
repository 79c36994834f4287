from django.db import models


class WishedHours(models.TextChoices):
    """When the person can come, local time of the place; none chosen means any hour."""

    BEFORE_9 = "BEFORE_9", "Avant 9 h"
    LUNCH = "LUNCH", "Entre midi et 14 h"
    AFTER_18 = "AFTER_18", "Après 18 h"
    SATURDAY = "SATURDAY", "Le samedi"


class DemandWay(models.TextChoices):
    """What the person whom no slot suited did next."""

    CALL_BACK = "CALL_BACK", "demande à être rappelée"
    WAITING = "WAITING", "attend qu’une place se libère"
    TOLD = "TOLD", "a dit ce qui manque"


class CallBackState(models.TextChoices):
    DUE = "DUE", "à rappeler"
    REACHED = "REACHED", "jointe"
    UNREACHED = "UNREACHED", "injoignable"
    DROPPED = "DROPPED", "retirée par la personne"
    BOOKED = "BOOKED", "rendez-vous pris entre-temps"
    GIVEN_UP = "GIVEN_UP", "close sans suite"


class GiveUpReason(models.TextChoices):
    """Why a call owed is ended without success: a closed list, which tells nothing of the person."""

    WRONG_NUMBER = "WRONG_NUMBER", "Numéro faux ou hors service"
    NOT_WANTED = "NOT_WANTED", "La personne ne veut plus d’appel"
    ELSEWHERE = "ELSEWHERE", "La personne est suivie ailleurs"
    ASKED_TWICE = "ASKED_TWICE", "Demande faite deux fois"


CALL_BACK_TRANSITIONS = {
    CallBackState.DUE: {
        CallBackState.REACHED,
        CallBackState.UNREACHED,
        CallBackState.DROPPED,
        CallBackState.BOOKED,
        CallBackState.GIVEN_UP,
    },
    CallBackState.REACHED: set(),
    CallBackState.UNREACHED: set(),
    CallBackState.DROPPED: set(),
    CallBackState.BOOKED: set(),
    CallBackState.GIVEN_UP: set(),
}


class EntryState(models.TextChoices):
    """A place in the waiting list. UNANSWERED: offers stayed without answer, the person was told."""

    WAITING = "WAITING", "en attente"
    BOOKED = "BOOKED", "rendez-vous pris"
    LEFT = "LEFT", "quittée par la personne"
    UNANSWERED = "UNANSWERED", "propositions sans réponse"


ENTRY_TRANSITIONS = {
    EntryState.WAITING: {EntryState.BOOKED, EntryState.LEFT, EntryState.UNANSWERED},
    EntryState.BOOKED: set(),
    EntryState.LEFT: set(),
    EntryState.UNANSWERED: set(),
}


class AlertState(models.TextChoices):
    """A wish to come earlier. OVER: its appointment was cancelled or is past."""

    ACTIVE = "ACTIVE", "active"
    MET = "MET", "rendez-vous avancé"
    ENDED = "ENDED", "retirée par la personne"
    OVER = "OVER", "sans objet"


ALERT_TRANSITIONS = {
    AlertState.ACTIVE: {AlertState.MET, AlertState.ENDED, AlertState.OVER},
    AlertState.MET: set(),
    AlertState.ENDED: {AlertState.ACTIVE},
    AlertState.OVER: set(),
}


class OfferState(models.TextChoices):
    """One slot kept for one person. WITHDRAWN: no longer useful, or no longer possible."""

    PENDING = "PENDING", "sans réponse encore"
    ACCEPTED = "ACCEPTED", "acceptée"
    DECLINED = "DECLINED", "refusée"
    EXPIRED = "EXPIRED", "restée sans réponse"
    WITHDRAWN = "WITHDRAWN", "retirée"


OFFER_TRANSITIONS = {
    OfferState.PENDING: {
        OfferState.ACCEPTED,
        OfferState.DECLINED,
        OfferState.EXPIRED,
        OfferState.WITHDRAWN,
    },
    OfferState.ACCEPTED: set(),
    OfferState.DECLINED: set(),
    OfferState.EXPIRED: set(),
    OfferState.WITHDRAWN: set(),
}
