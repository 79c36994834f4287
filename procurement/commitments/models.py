import uuid
from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from procurement.commitments import hooks
from procurement.commitments.enums import Comparison
from procurement.contracts.models import Contract


class Commitment(models.Model):
    """A promise of the holder, kept for the life of the contract: superseded, never deleted (INV-33)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="commitments")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("intitulé", max_length=200)

    class Meta:
        verbose_name = "engagement"
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="commitment_number_unique"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"E{self.number} – {self.title}"


class CommitmentVersionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        if user.role in Role.of_france_competences:
            return self
        if user.role in Role.of_operators:
            return self.filter(commitment__contract__holder=user.organisation_id)
        return self.none()

    def applying_to(self, month: date) -> Self:
        """The versions that bind the month given by its first day."""
        return self.filter(
            Q(last_month__isnull=True) | Q(last_month__gte=month),
            first_month__lte=month,
        )


class CommitmentVersion(models.Model):
    """The words and the figure that bind from a month on. Immutable, but for its last month."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField("version")
    text = models.TextField("texte")
    indicator = models.CharField("indicateur", max_length=40)
    comparison = models.CharField("sens", max_length=10, choices=Comparison)
    target = models.DecimalField("cible", max_digits=10, decimal_places=2)
    penalty_clause = models.CharField("clause du référentiel", max_length=40)
    first_month = models.DateField("premier mois")
    last_month = models.DateField("dernier mois", null=True, blank=True)

    objects = CommitmentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version d’engagement"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "version"], name="commitment_version_unique"),
            models.CheckConstraint(
                name="commitment_months_are_first_days",
                condition=Q(first_month__day=1) & (Q(last_month__isnull=True) | Q(last_month__day=1)),
                violation_error_message="Un mois est désigné par son premier jour.",
            ),
            models.CheckConstraint(
                name="commitment_months_ordered",
                condition=Q(last_month__isnull=True) | Q(last_month__gte=F("first_month")),
                violation_error_message="Le dernier mois précède le premier.",
            ),
            ExclusionConstraint(
                name="commitment_one_version_a_month",
                expressions=[
                    ("commitment", RangeOperators.EQUAL),
                    (
                        Func(
                            "first_month",
                            "last_month",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Une autre version lie déjà ce mois.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="words_and_target_fixed",
                fields=[
                    "commitment",
                    "version",
                    "text",
                    "indicator",
                    "comparison",
                    "target",
                    "penalty_clause",
                    "first_month",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Engagement {self.commitment_id} v{self.version}"

    @property
    def measure(self) -> hooks.Indicator:
        """What the version is measured by: label and unit."""
        return hooks.indicator(self.indicator)
