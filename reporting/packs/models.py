import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.documents.models import StoredDocument
from cep_portal.territories.models import Region
from reporting.kpis.models import KpiRun
from reporting.packs.enums import PackState

PATIENCE = timedelta(minutes=10)


class RegionalPackQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """France compétences sees every region's packs, a committee member those of the own region."""
        if user.role in Role.of_france_competences:
            return self
        if user.role == Role.COMMITTEE_MEMBER:
            return self.filter(region=user.acting.region_code)
        return self.none()


class RegionalPack(models.Model):
    """The PDF of a region and a month for its committee, with the run its figures come from.

    `figures` keeps what was printed: the next pack says what changed since.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="packs")
    month = models.DateField("mois")
    asked_at = models.DateTimeField("demandé le")
    run = models.ForeignKey(KpiRun, models.PROTECT, null=True, related_name="packs")
    document = models.OneToOneField(StoredDocument, models.PROTECT, null=True, related_name="+")
    failed_at = models.DateTimeField("en échec le", null=True, blank=True)
    figures = models.JSONField("chiffres imprimés", default=dict)

    objects = RegionalPackQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier régional"
        constraints = [
            models.CheckConstraint(
                name="pack_month_is_first_day",
                condition=models.Q(month__day=1),
                violation_error_message="Un mois est désigné par son premier jour.",
            ),
        ]

    def state(self, *, now: datetime) -> PackState:
        """A pack that nobody built in ten minutes has failed: the person may ask again."""
        if self.document_id:
            return PackState.DONE
        if self.failed_at or now - self.asked_at > PATIENCE:
            return PackState.FAILED
        return PackState.RUNNING

    def __str__(self) -> str:
        return f"Dossier {self.region_id} {self.month}"
