import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from operators.agenda.models import Appointment
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site
from operators.pathways.enums import NextStep, Theme
from operators.pathways.models.pathways import Pathway


class LocalDay(Func):
    """The calendar day of an instant in a zone: the month of an act is its local month."""

    template = "((%(expressions)s)::date)"
    arg_joiner = " AT TIME ZONE "
    output_field = models.DateField()


class CounsellingSession(models.Model):
    """A session that really took place: the paid act. Two clocks: `starts_at` and `recorded_at`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="sessions")
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="session"
    )
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="sessions")
    site = models.ForeignKey(Site, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField("début")
    zone = models.CharField("fuseau horaire", max_length=40)
    held_on = models.GeneratedField(
        expression=LocalDay(F("starts_at"), F("zone")),
        output_field=models.DateField(),
        db_persist=True,
    )
    duration_minutes = models.PositiveSmallIntegerField("durée en minutes")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    themes = ArrayField(models.CharField(max_length=20, choices=Theme), verbose_name="thèmes")
    next_step = models.CharField("suite", max_length=15, choices=NextStep)
    recorded_at = models.DateTimeField("saisie le")

    class Meta:
        verbose_name = "séance"
        indexes = [models.Index(fields=["held_on", "pathway"], name="session_held_on")]
        constraints = [
            models.CheckConstraint(
                name="session_duration_sane",
                condition=Q(duration_minutes__range=(5, 300)),
                violation_error_message="Une séance dure de 5 minutes à 5 heures.",
            ),
            models.CheckConstraint(
                name="session_recorded_after_start",
                condition=Q(recorded_at__gte=F("starts_at")),
                violation_error_message="On ne saisit une séance qu’une fois commencée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Séance {self.uuid}"
