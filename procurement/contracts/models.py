import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User


class ContractQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """France compétences sees every contract, an operator its own, others none."""
        if user.role in Role.of_france_competences:
            return self
        if user.role in Role.of_operators:
            return self.filter(holder=user.organisation_id)
        return self.none()

    def in_force(self, on: date) -> Self:
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Contract(models.Model):
    """What France compétences and a holder signed for one lot, both dates included."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lot = models.ForeignKey("procurement.Lot", models.PROTECT, related_name="contracts")
    holder = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contracts", verbose_name="titulaire"
    )
    consortium_name = models.CharField("groupement", max_length=200, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    phone = models.CharField("téléphone du public", max_length=20, blank=True)
    is_demonstration = models.BooleanField("donnée de démonstration", default=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        constraints = [
            models.CheckConstraint(
                name="contract_dates_ordered",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du contrat précède son début.",
            ),
            ExclusionConstraint(
                name="contract_one_in_force_per_lot",
                expressions=[
                    ("lot", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Un autre contrat est en vigueur pour ce lot à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"Contrat {self.pk} du lot {self.lot_id}"
