import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.territories.models import Commune
from procurement.contracts.models import Contract


class SiteQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        if user.role in Role.of_france_competences:
            return self
        if user.role in Role.of_operators:
            return self.filter(contract__holder=user.organisation_id)
        return self.none()


class Site(models.Model):
    """A place where people are received under one contract, in its own time zone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField("adresse de page", max_length=80, unique=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="sites")
    name = models.CharField("nom", max_length=120)
    address = models.CharField("adresse", max_length=200)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    zone = models.CharField("fuseau horaire", max_length=40)
    phone = models.CharField("téléphone", max_length=20)
    access = models.TextField("accès", blank=True)
    is_step_free = models.BooleanField("accès sans marche", default=True)
    is_open = models.BooleanField("ouvert", default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "site"
        constraints = [
            models.CheckConstraint(
                name="site_postcode_digits",
                condition=Q(postcode="") | Q(postcode__regex=r"^[0-9]{5}$"),
                violation_error_message="Un code postal compte cinq chiffres.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_address(self) -> str:
        """« 12 rue du Port, 35000 Rennes »; the commune must be loaded."""
        return f"{self.address}, {f'{self.postcode} {self.commune.name}'.strip()}"


class SiteClosure(models.Model):
    """Days on which a site receives nobody, both included; in the local calendar of the site."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="closures")
    first_on = models.DateField("du")
    last_on = models.DateField("au")
    reason = models.CharField("raison, telle que le public la lit", max_length=120, blank=True)

    class Meta:
        verbose_name = "fermeture"
        constraints = [
            models.CheckConstraint(
                name="closure_days_ordered",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message="La fermeture finit avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return f"Fermeture {self.uuid}"
