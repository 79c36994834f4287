import uuid
from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User
from operators.exchange.extracts.enums import EXTRACT_TRANSITIONS, ExtractKind, ExtractState, TableFormat


class ExtractQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Managers see their organisation's; who follows contracts sees the requests of all, never a line."""
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(organisation=user.organisation_id)
        if user.role == Role.CONTRACT_MANAGER:
            return self
        return self.none()


class Extract(models.Model):
    """A file of facts that a manager asked for, judged by somebody else, kept two days for who asked.

    Moved by extracts.services only. The row stays once the file is destroyed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="extracts")
    kind = models.CharField("contenu", max_length=12, choices=ExtractKind)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    file_format = models.CharField("format", max_length=4, choices=TableFormat)
    purpose = models.TextField("pour quoi faire", max_length=500)
    asked_at = models.DateTimeField("demandée le")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=9, choices=ExtractState, default=ExtractState.ASKED)
    judged_at = models.DateTimeField("décidée le", null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_as = models.CharField("décidée en tant que", max_length=20, choices=Role, blank=True)
    reason = models.CharField("raison du refus", max_length=300, blank=True)
    started_at = models.DateTimeField("préparation commencée le", null=True, blank=True)
    line_count = models.PositiveIntegerField("lignes", default=0)
    lines_done = models.PositiveIntegerField("lignes écrites", default=0)
    made_at = models.DateTimeField("prête le", null=True, blank=True)
    expires_at = models.DateTimeField("détruite après", null=True, blank=True)
    path = models.CharField("emplacement", max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField("taille en octets", default=0)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)

    objects = ExtractQuerySet.as_manager()

    class Meta:
        verbose_name = "extraction"
        indexes = [
            models.Index(fields=["organisation", "-asked_at"], name="extract_latest"),
            models.Index("expires_at", name="extract_to_destroy", condition=Q(state=ExtractState.READY)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "organisation", "kind", "starts_on", "ends_on", "file_format"],
                condition=Q(state=ExtractState.ASKED),
                name="extract_asked_once",
                violation_error_message="Cette extraction est déjà demandée.",
            ),
            models.CheckConstraint(
                name="extract_a_year_at_most",
                condition=Q(starts_on__lte=F("ends_on"), ends_on__lt=F("starts_on") + timedelta(days=366)),
                violation_error_message="Une extraction porte sur un an au plus.",
            ),
            models.CheckConstraint(
                name="extract_purpose_in_words",
                condition=Q(purpose__gt=""),
                violation_error_message="Dites pour quoi faire.",
            ),
            models.CheckConstraint(
                name="extract_never_judged_by_asker",
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("asked_by")),
                violation_error_message="On ne décide pas de sa propre demande.",
            ),
            models.CheckConstraint(
                name="extract_judged_completely",
                condition=Q(
                    state__in=ExtractState.unjudged,
                    judged_at__isnull=True,
                    judged_by__isnull=True,
                    judged_as="",
                )
                | (
                    ~Q(state__in=ExtractState.unjudged)
                    & Q(judged_at__isnull=False, judged_by__isnull=False, judged_as__gt="")
                ),
                violation_error_message="Une décision dit qui, quand et en tant que quoi.",
            ),
            models.CheckConstraint(
                name="extract_about_people_judged_outside",
                condition=~Q(kind__in=ExtractKind.about_people) | Q(judged_as__in=["", "CONTRACT_MANAGER"]),
                violation_error_message="France compétences décide des fichiers qui parlent de personnes.",
            ),
            models.CheckConstraint(
                name="extract_refusal_tells_why",
                condition=Q(state=ExtractState.REFUSED, reason__gt="")
                | (~Q(state=ExtractState.REFUSED) & Q(reason="")),
                violation_error_message="Un refus dit pourquoi.",
            ),
            models.CheckConstraint(
                name="extract_file_lives_two_days",
                condition=Q(
                    state__in=["READY", "OVER"],
                    made_at__isnull=False,
                    expires_at__gt=F("made_at"),
                    expires_at__lte=F("made_at") + timedelta(hours=48),
                )
                | (~Q(state__in=["READY", "OVER"]) & Q(made_at__isnull=True, expires_at__isnull=True)),
                violation_error_message="Un fichier vit deux jours au plus.",
            ),
            models.CheckConstraint(
                name="extract_file_only_when_ready",
                condition=Q(state=ExtractState.READY, path__gt="", sha256__regex=r"^[0-9a-f]{64}$")
                | (~Q(state=ExtractState.READY) & Q(path="")),
                violation_error_message="Seule une extraction prête a un fichier.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="request_fixed",
                fields=[
                    *("uuid", "organisation", "kind", "starts_on", "ends_on", "file_format", "purpose"),
                    *("asked_at", "asked_by"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Extraction {self.uuid}"

    def may_become(self, target: str) -> bool:
        return target in EXTRACT_TRANSITIONS[ExtractState(self.state)]

    def shown_state(self, *, now: datetime) -> ExtractState:
        """The state as it is read at an instant: over on the second, before anybody destroyed the file."""
        if self.state == ExtractState.READY and self.is_over(now=now):
            return ExtractState.OVER
        return ExtractState(self.state)

    def is_over(self, *, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at

    @property
    def percent(self) -> int | None:
        return 100 * self.lines_done // self.line_count if self.line_count else None
