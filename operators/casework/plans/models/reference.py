import uuid
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from cep_portal.accounts.models import Organisation
from operators.casework.pathways.enums import Theme
from operators.casework.plans.enums import Actor


class Occupation(models.Model):
    """One occupation of the ROME 4.0 (operators/casework/plans/data). Reference data, loaded only."""

    code = models.CharField("code ROME", primary_key=True, max_length=5)
    label = models.CharField("métier", max_length=150)
    search_label = models.CharField(max_length=150, editable=False)
    domain = models.CharField("domaine", max_length=80)

    class Meta:
        verbose_name = "métier"
        indexes = [
            GinIndex(OpClass("search_label", name="gin_trgm_ops"), name="occupation_label_trgm"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.code})"


class ReadyActionQuerySet(models.QuerySet):
    def offered_to(self, organisation_id: int | None) -> Self:
        """The national list and what an operator added for its own advisers."""
        return self.filter(Q(organisation=None) | Q(organisation=organisation_id), withdrawn_at=None)


class ReadyAction(models.Model):
    """An action ready to be put in a plan: of the national list (it has a code), or an operator's own."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField("code", max_length=40, unique=True, null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="ready_actions"
    )
    theme = models.CharField("thème", max_length=20, choices=Theme)
    title = models.CharField("action", max_length=140)
    help_text = models.CharField("aide", max_length=300, blank=True)
    actor = models.CharField("qui agit", max_length=10, choices=Actor)
    days = models.PositiveSmallIntegerField("délai proposé en jours")
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = ReadyActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action type"
        constraints = [
            models.CheckConstraint(
                name="ready_action_national_or_own",
                condition=Q(code__isnull=False, organisation__isnull=True)
                | Q(code__isnull=True, organisation__isnull=False),
                violation_error_message="Une action type est nationale ou d’un organisme.",
            ),
            models.CheckConstraint(
                name="ready_action_days_sane",
                condition=Q(days__range=(1, 365)),
                violation_error_message="Le délai proposé va de 1 à 365 jours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code or self.uuid})"
