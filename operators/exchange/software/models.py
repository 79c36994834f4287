import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User
from operators.exchange.software.enums import Scope


class ApiClientQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A manager sees those of the organisation."""
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(organisation=user.organisation_id)
        return self.none()


class ApiClient(models.Model):
    """A software of an operator: an identifier and the trace of a secret that was shown once."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=80)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name="droits")
    created_at = models.DateTimeField("créé le")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    last_used_at = models.DateTimeField("dernier jeton le", null=True, blank=True)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = "logiciel autorisé"
        constraints = [
            models.CheckConstraint(
                name="api_client_scopes_known",
                condition=Q(scopes__len__gt=0, scopes__contained_by=Scope.values),
                violation_error_message="Un logiciel a au moins un droit de la liste.",
            ),
            models.CheckConstraint(
                name="api_client_secret_hashed",
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 -- a shape
                violation_error_message="Seule la trace du secret est gardée.",
            ),
            models.CheckConstraint(
                name="api_client_revoked_after_creation",
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                violation_error_message="On révoque ce qui existe.",
            ),
        ]

    def __str__(self) -> str:
        return f"Logiciel {self.uuid}"


class KeyUse(models.Model):
    """An idempotency key that served, bound to the whole call it came with; forgotten after a month.

    `trace` tells whether the key comes back with the same facts: the facts themselves are not kept.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+")
    trace = models.CharField(max_length=64)
    used_at = models.DateTimeField("servie le", db_index=True)

    class Meta:
        verbose_name = "clé d’idempotence"
        constraints = [
            models.CheckConstraint(
                name="key_use_traced",
                condition=Q(trace__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Seule la trace des faits est gardée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Clé {self.key}"
