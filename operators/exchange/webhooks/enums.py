from enum import nonmember

from django.db import models


class EventKind(models.TextChoices):
    """What a software may be told of; `name_on_wire` is what it reads as `type`."""

    REQUEST_REGISTERED = "REQUEST_REGISTERED", "demande reçue"
    APPOINTMENT_BOOKED = "APPOINTMENT_BOOKED", "rendez-vous pris"
    APPOINTMENT_MOVED = "APPOINTMENT_MOVED", "rendez-vous déplacé"
    APPOINTMENT_CANCELLED = "APPOINTMENT_CANCELLED", "rendez-vous annulé"
    APPOINTMENT_ATTENDED = "APPOINTMENT_ATTENDED", "rendez-vous honoré"
    APPOINTMENT_NO_SHOW = "APPOINTMENT_NO_SHOW", "rendez-vous non honoré"
    APPOINTMENT_RESTORED = "APPOINTMENT_RESTORED", "absence retirée, rendez-vous à saisir"
    SESSION_LOGGED = "SESSION_LOGGED", "séance saisie"
    SESSION_CORRECTED = "SESSION_CORRECTED", "séance corrigée"
    PATHWAY_ENTERED = "PATHWAY_ENTERED", "parcours commencé"
    PATHWAY_REOPENED = "PATHWAY_REOPENED", "parcours repris"
    PATHWAY_CONTINUED = "PATHWAY_CONTINUED", "parcours reçu d’un autre opérateur"
    PATHWAY_CLOSED = "PATHWAY_CLOSED", "parcours clos"
    DELIVERY_FINISHED = "DELIVERY_FINISHED", "remontée lue"
    TEST = "TEST", "essai"

    never_chosen = nonmember(("TEST",))  # sent by a press of a manager only

    @property
    def name_on_wire(self) -> str:
        """APPOINTMENT_BOOKED reads « appointment.booked »."""
        return self.value.lower().replace("_", ".", 1)


CHOSEN_KINDS = [choice for choice in EventKind.choices if choice[0] not in EventKind.never_chosen]


class SubscriptionState(models.TextChoices):
    ACTIVE = "ACTIVE", "actif"
    SUSPENDED = "SUSPENDED", "suspendu"
    ENDED = "ENDED", "terminé"


SUBSCRIPTION_TRANSITIONS = {
    SubscriptionState.ACTIVE: {SubscriptionState.SUSPENDED, SubscriptionState.ENDED},
    SubscriptionState.SUSPENDED: {SubscriptionState.ACTIVE, SubscriptionState.ENDED},
    SubscriptionState.ENDED: set(),
}


class Suspension(models.TextChoices):
    """Why nothing is sent any more."""

    BY_MANAGER = "BY_MANAGER", "par un responsable"
    FAILING = "FAILING", "après des jours d’échecs"
    GONE = "GONE", "le logiciel a répondu 410 : adresse supprimée"


class MessageState(models.TextChoices):
    PENDING = "PENDING", "à envoyer"
    RETRYING = "RETRYING", "nouvel essai prévu"
    DELIVERED = "DELIVERED", "reçu"
    GIVEN_UP = "GIVEN_UP", "abandonné"

    live = nonmember(("PENDING", "RETRYING"))
    over = nonmember(("DELIVERED", "GIVEN_UP"))


class Failure(models.TextChoices):
    """Why a try did not succeed, without a word of what the receiver wrote."""

    STATUS = "STATUS", "réponse autre que 2xx"
    FORBIDDEN = "FORBIDDEN", "adresse réservée : seul l’internet public est permis"
    UNKNOWN_HOST = "UNKNOWN_HOST", "nom d’hôte introuvable"
    CERTIFICATE = "CERTIFICATE", "certificat refusé"
    TIMEOUT = "TIMEOUT", "pas de réponse à temps"
    UNREACHABLE = "UNREACHABLE", "connexion refusée ou coupée"
    UNREADABLE = "UNREADABLE", "réponse illisible"
    LOST = "LOST", "envoi interrompu de notre côté"
