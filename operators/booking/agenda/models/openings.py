import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site


class OpeningRule(models.Model):
    """Local hours at which an adviser receives, every n weeks from a first day on; half-open.

    With a `second_adviser` the two receive together: a slot is free when both are.
    """

    adviser = models.ForeignKey(Adviser, models.CASCADE, related_name="opening_rules")
    site = models.ForeignKey(Site, models.PROTECT, related_name="opening_rules")
    weekday = models.PositiveSmallIntegerField("jour (1 = lundi)")
    opens = models.TimeField("ouvre à")
    closes = models.TimeField("ferme à")
    every_weeks = models.PositiveSmallIntegerField("toutes les n semaines", default=1)
    first_on = models.DateField("à partir du")
    last_on = models.DateField("jusqu’au", null=True, blank=True)
    levels = ArrayField(models.CharField(max_length=3, choices=ServiceLevel), verbose_name="niveaux")
    modes = ArrayField(models.CharField(max_length=10, choices=Mode), verbose_name="modalités")
    slot_minutes = models.PositiveSmallIntegerField("durée en minutes", default=60)
    buffer_minutes = models.PositiveSmallIntegerField("battement en minutes", default=15)
    second_adviser = models.ForeignKey(
        Adviser, models.PROTECT, null=True, blank=True, related_name="second_opening_rules"
    )

    class Meta:
        verbose_name = "plage d’ouverture"
        constraints = [
            models.CheckConstraint(
                name="opening_weekday_iso",
                condition=Q(weekday__range=(1, 7)),
                violation_error_message="Un jour va de 1 (lundi) à 7 (dimanche).",
            ),
            models.CheckConstraint(
                name="opening_hours_ordered",
                condition=Q(closes__gt=F("opens")),
                violation_error_message="La fermeture précède l’ouverture.",
            ),
            models.CheckConstraint(
                name="opening_recurrence_positive",
                condition=Q(every_weeks__gte=1, slot_minutes__gte=15, slot_minutes__lte=240),
                violation_error_message="Une séance dure de 15 minutes à 4 heures.",
            ),
            models.CheckConstraint(
                name="opening_two_advisers_differ",
                condition=Q(second_adviser__isnull=True) | ~Q(second_adviser=F("adviser")),
                violation_error_message="Un binôme compte deux personnes.",
            ),
        ]

    def __str__(self) -> str:
        return f"Plage {self.pk}"


class OpeningException(models.Model):
    """What changes on one day of an opening rule: closed, or open at other hours; local time, half-open."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(OpeningRule, models.CASCADE, related_name="exceptions")
    day = models.DateField("jour")
    opens = models.TimeField("ouvre à", null=True, blank=True)
    closes = models.TimeField("ferme à", null=True, blank=True)

    class Meta:
        verbose_name = "exception"
        constraints = [
            models.UniqueConstraint(
                name="opening_exception_once_a_day",
                fields=["rule", "day"],
                violation_error_message="Cette plage a déjà une exception ce jour-là.",
            ),
            models.CheckConstraint(
                name="opening_exception_closed_or_hours",
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens")),
                violation_error_message="Donnez deux heures dans l’ordre, ou aucune pour fermer ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"Exception {self.uuid}"

    @property
    def is_closed(self) -> bool:
        return self.opens is None
