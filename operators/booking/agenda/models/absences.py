import uuid

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from operators.network.models import Adviser


class Absence(models.Model):
    """A half-open period in which an adviser receives nobody."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    adviser = models.ForeignKey(Adviser, models.CASCADE, related_name="absences")
    period = DateTimeRangeField("période")

    class Meta:
        verbose_name = "absence"
        indexes = [GistIndex(fields=["adviser", "period"], name="absence_period")]
        constraints = [
            models.CheckConstraint(
                name="absence_period_bounded",
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                ),
                violation_error_message="Une absence a un début et une fin.",
            ),
        ]

    def __str__(self) -> str:
        return f"Absence {self.pk}"


class RecurringAbsence(models.Model):
    """Local hours at which an adviser never receives, every n weeks from a first day on; half-open.

    In the zone of the adviser's home site. Laid over every opening, as a part-time day or a weekly meeting.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    adviser = models.ForeignKey(Adviser, models.CASCADE, related_name="recurring_absences")
    weekday = models.PositiveSmallIntegerField("jour (1 = lundi)")
    starts = models.TimeField("de")
    ends = models.TimeField("à")
    every_weeks = models.PositiveSmallIntegerField("toutes les n semaines", default=1)
    first_on = models.DateField("à partir du")
    last_on = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "absence régulière"
        constraints = [
            models.CheckConstraint(
                name="recurring_absence_weekday_iso",
                condition=Q(weekday__range=(1, 7)),
                violation_error_message="Un jour va de 1 (lundi) à 7 (dimanche).",
            ),
            models.CheckConstraint(
                name="recurring_absence_ordered",
                condition=Q(ends__gt=F("starts"), every_weeks__gte=1)
                & (Q(last_on__isnull=True) | Q(last_on__gte=F("first_on"))),
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"Absence régulière {self.uuid}"
