import uuid
from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.enums import CodePurpose, ExportState
from cep_portal.documents.models import StoredDocument

PATIENCE = timedelta(minutes=10)


class PersonCode(models.Model):
    """A one-time code that confirms a right used from the personal space: `email` is where it was sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    beneficiary = models.ForeignKey(Beneficiary, models.CASCADE, related_name="person_codes")
    purpose = models.CharField("confirme", max_length=10, choices=CodePurpose)
    email = models.EmailField("adresse électronique")
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField("envoyé le")
    expires_at = models.DateTimeField("périmé après")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code de confirmation d’un droit"
        constraints = [
            models.CheckConstraint(
                name="person_code_expires_after_sending",
                condition=Q(expires_at__gt=F("sent_at")),
                violation_error_message="Un code périme après son envoi.",
            ),
            models.CheckConstraint(
                name="person_code_attempts_bounded",
                condition=Q(attempts__lte=5),
                violation_error_message="Trop d’essais.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class DataExport(models.Model):
    """The copy of a person's data (RGPD, articles 15 and 20), made by Celery, withdrawn after two days."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="data_exports")
    asked_at = models.DateTimeField("demandée le")
    step_count = models.PositiveSmallIntegerField("étapes", default=1)
    steps_done = models.PositiveSmallIntegerField("étapes faites", default=0)
    document = models.OneToOneField(StoredDocument, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField("retirée après", null=True, blank=True)
    failed_at = models.DateTimeField("en échec le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "copie des données"
        indexes = [
            models.Index("expires_at", name="export_to_withdraw", condition=Q(withdrawn_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="export_ready_expires",
                condition=Q(document__isnull=True, expires_at__isnull=True)
                | Q(document__isnull=False, expires_at__gt=F("asked_at")),
                violation_error_message="Une copie prête a une date de retrait.",
            ),
        ]

    def __str__(self) -> str:
        return f"Copie {self.uuid}"

    def state(self, *, now: datetime) -> ExportState:
        """A copy that nobody made in ten minutes has failed: the person may ask again."""
        if self.withdrawn_at or (self.expires_at and self.expires_at <= now):
            return ExportState.OVER
        if self.document_id:
            return ExportState.READY
        if self.failed_at or now - self.asked_at > PATIENCE:
            return ExportState.FAILED
        return ExportState.RUNNING

    @property
    def percent(self) -> int:
        return 100 * self.steps_done // self.step_count


class Erasure(models.Model):
    """One line of the erasure journal: who (a random number) and when; replayed after a restore.

    Append-only, also for the application: nobody takes an erasure back.
    """

    person_uuid = models.UUIDField("numéro", unique=True)
    erased_at = models.DateTimeField("effacé le", db_index=True)

    class Meta:
        verbose_name = "effacement"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.person_uuid)
