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
    never_booked = nonmember(("ON_HOLD", "EXPIRED"))


class HoldEnd(models.TextChoices):
    """Why a hold led to no booking: each is another sentence for who comes back to its page."""

    OVER = "OVER", "délai passé"
    REPLACED = "REPLACED", "autre créneau choisi"
    RELEASED = "RELEASED", "rendu"
    WITHDRAWN = "WITHDRAWN", "horaire retiré par le service"


APPOINTMENT_TRANSITIONS = {
    AppointmentState.ON_HOLD: {AppointmentState.BOOKED, AppointmentState.EXPIRED},
    AppointmentState.BOOKED: {
        AppointmentState.ATTENDED,
        AppointmentState.NO_SHOW,
        AppointmentState.CANCELLED,
    },
    AppointmentState.ATTENDED: set(),
    AppointmentState.NO_SHOW: set(),  # but for ten minutes: casework.pathways.services.undo_no_show
    AppointmentState.CANCELLED: {AppointmentState.BOOKED},  # undone within minutes, by who cancelled
    AppointmentState.EXPIRED: set(),
}


class CancelledBy(models.TextChoices):
    PERSON = "PERSON", "la personne"
    OPERATOR = "OPERATOR", "le service"


class CancelReason(models.TextChoices):
    """A short list; never a sanction. It tells who could not make it, not why in private."""

    NOT_NEEDED = "NOT_NEEDED", "je n’en ai plus besoin"
    WORK = "WORK", "un empêchement au travail"
    PERSONAL = "PERSONAL", "un empêchement personnel"
    OTHER_DATE = "OTHER_DATE", "je préfère une autre date"
    MISTAKE = "MISTAKE", "pris par erreur"
    ADVISER_AWAY = "ADVISER_AWAY", "conseiller absent"
    SITE_CLOSED = "SITE_CLOSED", "lieu fermé"
    MOVED = "MOVED", "déplacé"
    OTHER = "OTHER", "autre raison"

    of_person = nonmember(("NOT_NEEDED", "WORK", "PERSONAL", "OTHER_DATE", "MISTAKE", "OTHER"))
    of_operator = nonmember(("ADVISER_AWAY", "SITE_CLOSED", "OTHER"))


class Channel(models.TextChoices):
    """Who booked: every channel is the same service."""

    PERSON = "PERSON", "la personne"
    INTAKE_OFFICER = "INTAKE_OFFICER", "un chargé d’information"
    ADVISER = "ADVISER", "un conseiller"
    PARTNER = "PARTNER", "un partenaire, avec la personne"
    SOFTWARE = "SOFTWARE", "le logiciel de l’opérateur"


class ReplacementState(models.TextChoices):
    """What became of a proposal made because an appointment cannot be kept."""

    COLLEAGUE = "COLLEAGUE", "un collègue à la même heure"
    SLOTS = "SLOTS", "autres créneaux proposés"
    NO_ANSWER = "NO_ANSWER", "sans réponse, à rappeler"
    ACCEPTED = "ACCEPTED", "collègue accepté"
    KEPT = "KEPT", "collègue gardé sans réponse"
    CHOSEN = "CHOSEN", "autre créneau choisi"
    DECLINED = "DECLINED", "n’en veut plus"
    SETTLED = "SETTLED", "réglé par téléphone"

    waiting = nonmember(("COLLEAGUE", "SLOTS", "NO_ANSWER"))
    answerable = nonmember(("COLLEAGUE", "SLOTS", "NO_ANSWER", "KEPT"))
    with_colleague = nonmember(("COLLEAGUE", "ACCEPTED", "KEPT"))


_ANSWERS = {ReplacementState.CHOSEN, ReplacementState.DECLINED, ReplacementState.SETTLED}
REPLACEMENT_TRANSITIONS = {
    ReplacementState.COLLEAGUE: {ReplacementState.ACCEPTED, ReplacementState.KEPT, *_ANSWERS},
    ReplacementState.SLOTS: {ReplacementState.NO_ANSWER, *_ANSWERS},
    ReplacementState.NO_ANSWER: _ANSWERS,
    ReplacementState.KEPT: {ReplacementState.ACCEPTED, *_ANSWERS},
    ReplacementState.ACCEPTED: set(),
    ReplacementState.CHOSEN: set(),
    ReplacementState.DECLINED: set(),
    ReplacementState.SETTLED: set(),
}
