import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.territories.models import Commune
from operators.booking.demand.enums import DemandWay, WishedHours
from operators.network.enums import Mode, ServiceLevel
from procurement.contracts.models import Contract


class UnmetDemandQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Facts without a person: an operator counts its own, France compétences all."""
        if user.role in Role.of_france_competences:
            return self
        if user.role in Role.of_operators:
            return self.filter(contract__holder=user.organisation_id)
        return self.none()


class UnmetDemand(models.Model):
    """Somebody found no slot that suits: where, and what was wished. No person, nothing is ever changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recorded_at = models.DateTimeField("dite le", db_index=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="unmet_demands")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    modes = ArrayField(models.CharField(max_length=10, choices=Mode), verbose_name="modalités")
    hours = ArrayField(
        models.CharField(max_length=10, choices=WishedHours), verbose_name="heures", default=list
    )
    way = models.CharField("suite", max_length=10, choices=DemandWay)

    objects = UnmetDemandQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin non couvert"
        constraints = [
            models.CheckConstraint(
                name="unmet_demand_wish_known",
                condition=Q(modes__len__gt=0, modes__contained_by=Mode.values)
                & Q(hours__contained_by=WishedHours.values),
                violation_error_message="Les souhaits sont dans les listes.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept_as_said", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Besoin non couvert {self.uuid}"
