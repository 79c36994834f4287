from enum import nonmember

from django.db import models


class AppointmentState(models.TextChoices):
    ON_HOLD = "ON_HOLD", "retenu"
    BOOKED = "BOOKED", "pris"
    ATTENDED = "ATTENDED", "honoré"
    NO_SHOW = "NO_SHOW", "non honoré"
    CANCELLED = "CANCELLED", "annulé"
    EXPIRED = "EXPIRED", "retenue expirée"

    live = nonmember(("ON_HOLD", "BOOKED", "ATTENDED", "NO_SHOW"))


APPOINTMENT_TRANSITIONS = {
    AppointmentState.ON_HOLD: {AppointmentState.BOOKED, AppointmentState.EXPIRED},
    AppointmentState.BOOKED: {
        AppointmentState.ATTENDED,
        AppointmentState.NO_SHOW,
        AppointmentState.CANCELLED,
    },
    AppointmentState.ATTENDED: set(),
    AppointmentState.NO_SHOW: set(),
    AppointmentState.CANCELLED: set(),
    AppointmentState.EXPIRED: set(),
}


class CancelledBy(models.TextChoices):
    PERSON = "PERSON", "la personne"
    OPERATOR = "OPERATOR", "le service"


class Channel(models.TextChoices):
    """Who booked: every channel is the same service."""

    PERSON = "PERSON", "la personne"
    INTAKE_OFFICER = "INTAKE_OFFICER", "un chargé d’information"
    ADVISER = "ADVISER", "un conseiller"
