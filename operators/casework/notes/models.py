import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from beneficiaries.request.models import untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.notes.enums import WithholdReason
from operators.casework.pathways.models import CounsellingSession, Pathway, of_pathway
from operators.network.models import Adviser

NOT_FROZEN = Q(pathway__beneficiary__restricted_at__isnull=True, pathway__beneficiary__erased_at__isnull=True)


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Advisers of the organisation, each reading written in the journal; nobody else among agents.

        Who does not follow the person says why first (pathways.gates); the person reads what was released.
        """
        if user.role == Role.ADVISER:
            return self.filter(NOT_FROZEN, pathway__contract__holder=user.organisation_id)
        if user.role == Role.BENEFICIARY:
            return self.filter(pathway__beneficiary__user=user)
        return self.none()


class Note(models.Model):
    """What an adviser wrote down of a session or a call: sealed, and never changed.

    A correction is a new version that names the one it corrects. `sealed` changes with its key only
    (rotation), or is emptied when the person is erased; a trigger refuses anything else.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="notes")
    session = models.ForeignKey(
        CounsellingSession, models.PROTECT, null=True, blank=True, related_name="notes"
    )
    author = models.ForeignKey(Adviser, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("écrite le")
    version = models.PositiveSmallIntegerField("version", default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    key_id = models.CharField("clé", max_length=16, blank=True, db_index=True)
    sealed = models.BinaryField("texte scellé")
    erased_at = models.DateTimeField("effacée le", null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note d’entretien"
        constraints = [
            models.CheckConstraint(
                name="note_version_corrects",
                condition=Q(version=1, corrects__isnull=True) | Q(version__gt=1, corrects__isnull=False),
                violation_error_message="Une correction nomme la version qu’elle corrige.",
            ),
            models.CheckConstraint(
                name="note_sealed_or_erased",
                condition=Q(erased_at__isnull=True, key_id__regex=r"^[0-9a-f]{16}$", sealed__gt=b"")
                | Q(erased_at__isnull=False, key_id="", sealed=b""),
                violation_error_message="Une note est scellée, ou effacée.",
            ),
        ]
        triggers = [
            *untouched(of_pathway()),
            pgtrigger.Protect(name="note_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="note_is_whose",
                fields=["uuid", "pathway", "session", "author", "written_at", "version", "corrects"],
            ),
            pgtrigger.Protect(
                name="note_as_written",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.sealed IS DISTINCT FROM OLD.sealed AND NEW.key_id = OLD.key_id"
                    " OR OLD.erased_at IS NOT NULL"
                ),
            ),
            pgtrigger.Trigger(
                name="note_of_one_pathway",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=pgtrigger.Func(
                    """
                    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM {meta.db_table} former
                        WHERE former.id = NEW.corrects_id AND former.pathway_id = NEW.pathway_id
                        AND former.version = NEW.version - 1 AND former.erased_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'note_of_one_pathway: a correction follows a version of its pathway'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.session_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM operators_counsellingsession held
                        WHERE held.id = NEW.session_id AND held.pathway_id = NEW.pathway_id
                    ) THEN
                        RAISE EXCEPTION 'note_of_one_pathway: a note speaks of a session of its pathway'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Note {self.uuid}"


class NoteRequest(models.Model):
    """A person's request to read the notes of a pathway; releasing gives those written by then.

    Asked by notes.services.ask_notes, answered by release_notes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="note_requests")
    asked_at = models.DateTimeField("demandée le")
    released_at = models.DateTimeField("remises le", null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "demande de lecture des notes"
        constraints = [
            models.UniqueConstraint(
                fields=["pathway"],
                condition=Q(released_at__isnull=True),
                name="note_request_one_open",
                violation_error_message="Une demande est déjà en attente.",
            ),
            models.CheckConstraint(
                name="note_request_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__gte=models.F("asked_at"), released_by__isnull=False),
                violation_error_message="Des notes remises le sont par quelqu’un, après la demande.",
            ),
        ]
        triggers = [
            *untouched(of_pathway()),
            pgtrigger.Protect(
                name="released_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.released_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"Demande {self.uuid}"


class WithheldNote(models.Model):
    """A version not given with an answer, and the reason said to the person."""

    request = models.ForeignKey(NoteRequest, models.PROTECT, related_name="withheld")
    note = models.ForeignKey(Note, models.PROTECT, related_name="withheld")
    reason = models.CharField("motif", max_length=15, choices=WithholdReason)

    class Meta:
        verbose_name = "note non remise"
        constraints = [
            models.UniqueConstraint(fields=["request", "note"], name="note_withheld_once"),
            models.CheckConstraint(
                name="note_withheld_for_a_reason",
                condition=Q(reason__in=WithholdReason.values),
                violation_error_message="Une note n’est pas remise pour un motif de la liste.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Note {self.note_id} non remise"
