from django.db import models


class OpeningRequestState(models.TextChoices):
    OPEN = "OPEN", "à ouvrir"
    MET = "MET", "satisfaite"
    CLOSED = "CLOSED", "close sans ouverture"


OPENING_REQUEST_TRANSITIONS = {
    OpeningRequestState.OPEN: {OpeningRequestState.MET, OpeningRequestState.CLOSED},
    OpeningRequestState.MET: set(),
    OpeningRequestState.CLOSED: set(),
}


class CloseReason(models.TextChoices):
    """Why a manager opens nothing more."""

    NO_ADVISER = "NO_ADVISER", "aucun conseiller disponible"
    ELSEWHERE = "ELSEWHERE", "les personnes sont reçues ailleurs ou autrement"
    CALLED = "CALLED", "les personnes ont été rappelées"
