import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User
from operators.casework.referrals.enums import DoorKind


class ReferralDoorQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """An operator sees the doors of all and its own; France compétences sees them all."""
        if user.role in (Role.ADVISER, Role.OPERATOR_MANAGER):
            return self.filter(Q(organisation__isnull=True) | Q(organisation=user.organisation_id))
        if user.role in Role.of_france_competences:
            return self
        return self.none()


class ReferralDoor(models.Model):
    """A service to which people are referred, with the territories it serves; none: the whole country.

    `organisation` is the operator that keeps it for itself; without one, it is everybody's. Changed by
    referrals.services alone, which write each change in DoorChange.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("type", max_length=20, choices=DoorKind)
    name = models.CharField("nom", max_length=120)
    what = models.CharField("ce qu’on y trouve", max_length=200, blank=True)
    website = models.URLField("site", max_length=200, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("courriel", blank=True)
    how = models.CharField("comment s’y adresser", max_length=300, blank=True)
    region_codes = ArrayField(
        models.CharField(max_length=3), verbose_name="régions", default=list, blank=True
    )
    department_codes = ArrayField(
        models.CharField(max_length=3), verbose_name="départements", default=list, blank=True
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField("proposée", default=True)
    updated_at = models.DateTimeField("mise à jour le")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReferralDoorQuerySet.as_manager()

    class Meta:
        verbose_name = "porte d’orientation"
        verbose_name_plural = "portes d’orientation"
        constraints = [
            models.UniqueConstraint(
                "kind",
                Lower("name"),
                Coalesce("organisation_id", 0),
                name="referral_door_once",
                violation_error_message="Cette porte est déjà dans l’annuaire.",
            ),
            models.CheckConstraint(
                name="referral_door_reachable",
                condition=Q(website__gt="") | Q(phone__gt="") | Q(email__gt="") | Q(how__gt=""),
                violation_error_message="Dites comment s’adresser à cette porte.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    @property
    def is_national(self) -> bool:
        return not self.region_codes and not self.department_codes


class DoorChange(models.Model):
    """One change of a door: for each column, what was written before and after. Append-only."""

    door = models.ForeignKey(ReferralDoor, models.PROTECT, related_name="changes")
    changed_at = models.DateTimeField("changée le")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    values = models.JSONField("valeurs")

    class Meta:
        verbose_name = "changement d’une porte"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Changement {self.pk}"
