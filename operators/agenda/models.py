import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    RangeOperators,
)
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.enums import Role
from operators.agenda.enums import AppointmentState, CancelledBy, Channel
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site


class OpeningRule(models.Model):
    """Local hours at which an adviser receives, every n weeks from a first day on; half-open."""

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
        ]

    def __str__(self) -> str:
        return f"Plage {self.pk}"


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


class AppointmentQuerySet(models.QuerySet):
    def live(self):
        return self.filter(state__in=AppointmentState.live)

    def visible_to(self, user):
        """An adviser and intake officer see their organisation's; steering roles see none."""
        if user.role in Role.of_operators:
            return self.filter(site__contract__holder=user.mandate.organisation_id)
        if user.role == Role.BENEFICIARY:
            return self.filter(beneficiary__user=user)
        return self.none()


class Appointment(models.Model):
    """A booking, from hold to outcome. Moved only by operators.agenda.services.

    `period` is the session, `busy_period` adds the adviser's buffer. The two exclusion constraints are
    the last wall: no adviser twice, no person twice, whatever the code does. A hold is a row that expires.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="appointments")
    site = models.ForeignKey(Site, models.PROTECT, related_name="appointments")
    service_request = models.ForeignKey(
        ServiceRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
    )
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    period = DateTimeRangeField("séance")
    busy_period = DateTimeRangeField("temps pris")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    state = models.CharField("état", max_length=10, choices=AppointmentState)
    channel = models.CharField("pris par", max_length=15, choices=Channel, default=Channel.PERSON)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True)
    hold_expires_at = models.DateTimeField("retenu jusqu’à", null=True, blank=True)
    booked_at = models.DateTimeField("pris le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    cancelled_by = models.CharField("annulé par", max_length=10, choices=CancelledBy, blank=True)
    moved_from = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="moved_to")
    calendar_sequence = models.PositiveSmallIntegerField(default=0)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous"
        indexes = [
            models.Index("adviser", Lower("period"), name="appointment_adviser_start"),
            models.Index(
                "hold_expires_at",
                name="appointment_hold",
                condition=Q(state=AppointmentState.ON_HOLD),
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="appointment_adviser_never_twice",
                expressions=[
                    ("adviser", RangeOperators.EQUAL),
                    ("busy_period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=AppointmentState.live),
                violation_error_message="Ce créneau vient d’être pris.",
            ),
            ExclusionConstraint(
                name="appointment_person_never_twice",
                expressions=[
                    ("beneficiary", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=AppointmentState.live),
                violation_error_message="Vous avez déjà un rendez-vous à cette heure.",
            ),
            models.CheckConstraint(
                name="appointment_period_bounded",
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                    busy_period__contains=F("period"),
                ),
                violation_error_message="Un rendez-vous a un début et une fin, battement compris.",
            ),
            models.CheckConstraint(
                name="appointment_hold_expires",
                condition=~Q(state=AppointmentState.ON_HOLD) | Q(hold_expires_at__isnull=False),
                violation_error_message="Une retenue a une heure de fin.",
            ),
            models.CheckConstraint(
                name="appointment_booked_has_person",
                condition=Q(state__in=["ON_HOLD", "EXPIRED"])
                | Q(beneficiary__isnull=False, booked_at__isnull=False),
                violation_error_message="Un rendez-vous pris a une personne.",
            ),
            models.CheckConstraint(
                name="appointment_cancel_tells_who",
                condition=Q(state="CANCELLED", cancelled_at__isnull=False, cancelled_by__gt="")
                | Q(~Q(state="CANCELLED"), cancelled_at__isnull=True, cancelled_by=""),
                violation_error_message="Une annulation dit qui et quand.",
            ),
        ]

    def __str__(self) -> str:
        return f"Rendez-vous {self.uuid}"

    @property
    def starts_at(self):
        return self.period.lower

    @property
    def ends_at(self):
        return self.period.upper
