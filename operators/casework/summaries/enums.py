from enum import nonmember

from django.db import models


class SummaryState(models.TextChoices):
    DRAFT = "DRAFT", "en rédaction"
    PROPOSED = "PROPOSED", "proposé à la personne"
    ACCEPTED = "ACCEPTED", "accepté"
    SUPERSEDED = "SUPERSEDED", "remplacé"

    still_written = nonmember(("DRAFT", "PROPOSED"))
    frozen = nonmember(("ACCEPTED", "SUPERSEDED"))


SUMMARY_TRANSITIONS = {
    SummaryState.DRAFT: {SummaryState.PROPOSED},
    SummaryState.PROPOSED: {SummaryState.DRAFT, SummaryState.ACCEPTED},
    SummaryState.ACCEPTED: {SummaryState.SUPERSEDED},
    SummaryState.SUPERSEDED: set(),
}


class Answer(models.TextChoices):
    """What the person said of one proposal."""

    CORRECTION = "CORRECTION", "correction demandée"
    ACCEPTED = "ACCEPTED", "accepté"
