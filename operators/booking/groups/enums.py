from enum import nonmember

from django.db import models

from operators.network.enums import Mode

MODES = (Mode.ON_SITE, Mode.VIDEO)  # nobody holds a meeting by telephone


class GroupTopic(models.TextChoices):
    DISCOVER = "DISCOVER", "Découvrir le conseil en évolution professionnelle"
    RESIGN = "RESIGN", "Démissionner pour se reconvertir"
    TRAINING = "TRAINING", "Se former, faire valider son expérience"
    PROJECT = "PROJECT", "Changer de métier : par où commencer"


class GroupState(models.TextChoices):
    OPEN = "OPEN", "ouverte"
    HELD = "HELD", "tenue"
    CANCELLED = "CANCELLED", "annulée"


GROUP_TRANSITIONS = {
    GroupState.OPEN: {GroupState.HELD, GroupState.CANCELLED},
    GroupState.HELD: {GroupState.HELD},  # attendance is corrected
    GroupState.CANCELLED: set(),
}


class PlaceState(models.TextChoices):
    BOOKED = "BOOKED", "inscrit"
    ATTENDED = "ATTENDED", "venu"
    NO_SHOW = "NO_SHOW", "absent"
    CANCELLED = "CANCELLED", "annulé"

    live = nonmember(("BOOKED", "ATTENDED", "NO_SHOW"))


class ReachedWay(models.TextChoices):
    """How somebody whom no message reached was told of a cancelled meeting."""

    PHONE = "PHONE", "par téléphone"
    LETTER = "LETTER", "par lettre"
    IN_PERSON = "IN_PERSON", "de vive voix"


PLACE_TRANSITIONS = {
    PlaceState.BOOKED: {PlaceState.ATTENDED, PlaceState.NO_SHOW, PlaceState.CANCELLED},
    PlaceState.ATTENDED: {PlaceState.NO_SHOW},
    PlaceState.NO_SHOW: {PlaceState.ATTENDED},
    PlaceState.CANCELLED: set(),
}
