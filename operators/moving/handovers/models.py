import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.pathways.models import Pathway, of_pathway
from operators.moving.handovers.enums import HandoverKind
from operators.network.models import Adviser


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Advisers see those of their organisation, but those of frozen files."""
        if user.role == Role.ADVISER:
            return self.filter(
                pathway__contract__holder=user.organisation_id,
                pathway__beneficiary__restricted_at__isnull=True,
                pathway__beneficiary__erased_at__isnull=True,
            )
        return self.none()

    def lent(self) -> Self:
        """Those that run and come back: on a day, or with who lent."""
        return self.filter(kind__in=HandoverKind.lent, ended_at__isnull=True)


class Handover(models.Model):
    """A pathway given to a colleague, for good, until a day included or until one is back. Moved by the
    services beside.

    `batch` is the same for a portfolio handed over at once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.UUIDField("remise", db_index=True)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="handovers")
    former = models.ForeignKey(Adviser, models.PROTECT, related_name="handovers_given")
    colleague = models.ForeignKey(Adviser, models.PROTECT, related_name="handovers_taken")
    kind = models.CharField("durée", max_length=10, choices=HandoverKind)
    until = models.DateField("jusqu’au", null=True, blank=True)
    handed_at = models.DateTimeField("confié le")
    handed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("repris le", null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "parcours confié"
        triggers = untouched(of_pathway())
        constraints = [
            models.UniqueConstraint(
                name="handover_lent_once",
                fields=["pathway"],
                condition=Q(kind__in=HandoverKind.lent, ended_at__isnull=True),
                violation_error_message="Ce parcours est déjà confié jusqu’à un jour.",
            ),
            models.CheckConstraint(
                name="handover_until_when_temporary",
                condition=Q(kind="TEMPORARY", until__isnull=False)
                | Q(kind="UNTIL_BACK", until__isnull=True)
                | Q(kind="FINAL", until__isnull=True, ended_at__isnull=True),
                violation_error_message="Seul un parcours confié un temps a un dernier jour.",
            ),
            models.CheckConstraint(
                name="handover_two_advisers",
                condition=~Q(former=F("colleague")),
                violation_error_message="On confie un parcours à quelqu’un d’autre.",
            ),
        ]

    def __str__(self) -> str:
        return f"Parcours confié {self.uuid}"
