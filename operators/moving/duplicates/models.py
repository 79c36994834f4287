import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import Organisation, User
from cep_portal.common.marks import by_mark, changed_xid, marked
from operators.moving.duplicates.enums import Alike, MergeReason, PairState
from operators.moving.duplicates.rules import can_merge_people


class DuplicatePairQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those found among the people of one's organisation, frozen and erased ones apart."""
        if not can_merge_people(user):
            return self.none()
        open_files = {
            f"{one}__{column}__isnull": True
            for one in ("first", "second")
            for column in ("restricted_at", "erased_at", "merged_into")
        }
        return self.filter(organisation=user.organisation_id, **open_files)


class DuplicatePair(models.Model):
    """Two files of one operator that resemble each other, or that somebody said are two people.

    Found each night by duplicates.services; « deux personnes » is never proposed again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    first = models.ForeignKey(Beneficiary, models.PROTECT, related_name="+")
    second = models.ForeignKey(Beneficiary, models.PROTECT, related_name="+")
    alike = ArrayField(models.CharField(max_length=12, choices=Alike), verbose_name="en commun")
    score = models.PositiveSmallIntegerField("ressemblance")
    found_at = models.DateTimeField("vu le")
    state = models.CharField("état", max_length=5, choices=PairState, default=PairState.FOUND)
    decided_at = models.DateTimeField("dit le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = "doublon possible"
        verbose_name_plural = "doublons possibles"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "first", "second"],
                name="duplicate_pair_once",
                violation_error_message="Ces deux dossiers sont déjà proposés.",
            ),
            models.CheckConstraint(
                name="duplicate_pair_ordered",
                condition=Q(first__lt=F("second")),
                violation_error_message="Un doublon compte deux personnes.",
            ),
            models.CheckConstraint(
                name="duplicate_pair_decided",
                condition=Q(state=PairState.FOUND, decided_at__isnull=True, decided_by__isnull=True)
                | Q(state=PairState.APART, decided_at__isnull=False, decided_by__isnull=False),
                violation_error_message="Une décision dit qui et quand.",
            ),
        ]

    def __str__(self) -> str:
        return f"Doublon {self.uuid}"


class PersonMergeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of one's organisation, but those of frozen or erased files."""
        if not can_merge_people(user):
            return self.none()
        return self.filter(
            organisation=user.organisation_id,
            kept__restricted_at__isnull=True,
            kept__erased_at__isnull=True,
        )


class PersonMerge(models.Model):
    """Two files made one (ADR 0036): `absorbed` gave all it had to `kept`. Undone once, within thirty days.

    `former` is what names and contacts were, for the undo; forgotten after it. Moved by duplicates.services.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kept = models.ForeignKey(Beneficiary, models.PROTECT, related_name="merges_kept")
    absorbed = models.ForeignKey(Beneficiary, models.PROTECT, related_name="merges_absorbed")
    reason = models.CharField("raison", max_length=10, choices=MergeReason)
    merged_at = models.DateTimeField("réunis le")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    former = models.JSONField("avant", default=dict, blank=True)
    undone_at = models.DateTimeField("défait le", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    changed_xid = changed_xid()

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "dossiers réunis"
        verbose_name_plural = "dossiers réunis"
        indexes = [by_mark("merge_changed")]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at__isnull=True),
                name="merge_absorbed_once",
                violation_error_message="Ce dossier est déjà réuni à un autre.",
            ),
            models.CheckConstraint(
                name="merge_two_people",
                condition=~Q(kept=F("absorbed")),
                violation_error_message="On ne réunit pas un dossier à lui-même.",
            ),
            models.CheckConstraint(
                name="merge_undone_tells_who",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__gte=F("merged_at"), undone_by__isnull=False),
                violation_error_message="Une réunion défaite dit qui et quand.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="merge_is_whose",
                fields=["uuid", "organisation", "kept", "absorbed", "reason", "merged_at", "merged_by"],
            ),
            pgtrigger.Protect(
                name="undone_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False)
                & pgtrigger.Q(old__undone_at__df=pgtrigger.F("new__undone_at")),
            ),
            marked("undone_at"),
        ]

    def __str__(self) -> str:
        return f"Réunion {self.uuid}"


class MovedRows(models.Model):
    """What a merge changed in one table, in the order of `position`: the undo reads it backwards.

    `former` and `present` give columns; no name nor contact is in them.
    """

    merge = models.ForeignKey(PersonMerge, models.PROTECT, related_name="moved_rows")
    position = models.PositiveSmallIntegerField("rang")
    model = models.CharField("table", max_length=80)
    rows = ArrayField(models.BigIntegerField(), verbose_name="lignes")
    former = models.JSONField("avant")
    present = models.JSONField("après")

    class Meta:
        verbose_name = "lignes déplacées"
        verbose_name_plural = "lignes déplacées"
        constraints = [
            models.UniqueConstraint(fields=["merge", "position"], name="moved_rows_in_order"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.position}. {self.model}"
