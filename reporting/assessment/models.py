import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from procurement.commitments.models import CommitmentVersion
from procurement.followup.models import Penalty
from reporting.assessment.enums import CommitmentOutcome
from reporting.closings.models import Closing, FrozenValue


class CommitmentResult(models.Model):
    """What one frozen figure says of one commitment, with its reason. Never changed.

    Written by reporting.assessment.services only, with the freeze; a reopened month has results of its own.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="results")
    version = models.ForeignKey(CommitmentVersion, models.PROTECT, related_name="results")
    value = models.ForeignKey(FrozenValue, models.PROTECT, null=True, related_name="results")
    outcome = models.CharField("résultat", max_length=20, choices=CommitmentOutcome)
    reason = models.CharField("motif", max_length=300)
    penalty = models.ForeignKey(Penalty, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "résultat d’un engagement"
        constraints = [
            models.UniqueConstraint(fields=["closing", "version"], name="commitment_result_once"),
            models.CheckConstraint(
                name="commitment_result_says_why",
                condition=~Q(reason=""),
                violation_error_message="Un résultat dit son motif.",
            ),
            models.CheckConstraint(
                name="commitment_result_judged_on_a_figure",
                condition=Q(value__isnull=False)
                | Q(outcome__in=[CommitmentOutcome.NOT_APPLICABLE, CommitmentOutcome.FAILED]),
                violation_error_message="On ne juge que sur un chiffre arrêté.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Résultat {self.uuid}"
