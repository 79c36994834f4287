from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Lower

from operators.network.models import Adviser


class AdviserTime(models.Model):
    """A period taken from an adviser, buffer included: the last wall against selling a slot twice.

    Written by triggers only, from every live appointment and group session (`source` is its uuid), so that
    one exclusion covers lone advisers, pairs and groups, whatever the code does. `expires_at` is that of a
    hold: past it, the period counts as free although its row still stands.
    """

    adviser = models.ForeignKey(Adviser, models.CASCADE, related_name="+")
    period = DateTimeRangeField("temps pris")
    source = models.UUIDField("rendez-vous ou réunion")
    expires_at = models.DateTimeField("retenu jusqu’à", null=True, blank=True)

    class Meta:
        verbose_name = "temps pris"
        indexes = [
            models.Index("adviser", Lower("period"), name="adviser_time_start"),
            models.Index(fields=["source"], name="adviser_time_source"),
        ]
        constraints = [
            ExclusionConstraint(
                name="adviser_time_never_twice",
                expressions=[("adviser", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message="Ce créneau vient d’être pris.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adviser_id} {self.period}"
