import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent, User
from operators.network.enums import AdviserSkill
from operators.network.models.sites import Site


class AdviserQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        if user.role in Role.of_operators:
            return self.filter(site__contract__holder=user.organisation_id)
        return self.none()

    def have_come(self) -> Self:
        """All but the invited who never signed in: such an account is chosen, never proposed by itself."""
        return self.exclude(models.Exists(_invitations()), user__last_login__isnull=True)

    def never_came(self) -> Self:
        """The invited who never signed in."""
        return self.filter(models.Exists(_invitations()), user__last_login__isnull=True)


def _invitations() -> models.QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(
        action="operators.adviser.invited",
        target_type="operators.adviser",
        target_id=models.OuterRef("pk"),
    )


class Adviser(models.Model):
    """A counsellor of an operator, attached to a home site."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="adviser")
    site = models.ForeignKey(Site, models.PROTECT, related_name="advisers")
    is_active = models.BooleanField("en activité", default=True)
    max_per_day = models.PositiveSmallIntegerField("rendez-vous par jour au plus", null=True, blank=True)
    skills = ArrayField(
        models.CharField(max_length=20, choices=AdviserSkill),
        verbose_name="compétences d’accueil",
        default=list,
        db_default=[],
        blank=True,
    )

    objects = AdviserQuerySet.as_manager()

    class Meta:
        verbose_name = "conseiller"
        constraints = [
            models.CheckConstraint(
                name="adviser_max_per_day_positive",
                condition=Q(max_per_day__isnull=True) | Q(max_per_day__gte=1),
                violation_error_message="Un maximum par jour vaut au moins 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"Conseiller {self.uuid}"
