import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from beneficiaries.request.models import untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.attachments.enums import ATTACHMENT_TRANSITIONS, KEPT_STATES, AttachmentState
from operators.casework.pathways.models import Pathway, of_pathway


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Advisers of the organisation, and the person; nobody else."""
        if user.role == Role.ADVISER:
            return self.filter(
                pathway__contract__holder=user.organisation_id,
                pathway__beneficiary__restricted_at__isnull=True,
                pathway__beneficiary__erased_at__isnull=True,
            )
        if user.role == Role.BENEFICIARY:
            return self.filter(pathway__beneficiary__user=user)
        return self.none()


class Attachment(models.Model):
    """A file of a pathway, added by an adviser or the person. Opened by nobody before a clean verdict.

    State moves only through attachments.services; bytes on disk under a random name, gone with the file.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="attachments")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_from_person = models.BooleanField("ajouté par la personne")
    file_name = models.CharField("nom", max_length=120)
    media_type = models.CharField("type", max_length=80)
    size_bytes = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    # A picture is drawn again: what was sent has another print than what is kept.
    sent_sha256 = models.CharField(
        "empreinte de l’envoi", max_length=64, blank=True, default="", db_default=""
    )
    path = models.CharField("emplacement", max_length=200, blank=True)
    state = models.CharField("état", max_length=10, choices=AttachmentState, default=AttachmentState.HELD)
    added_at = models.DateTimeField("ajouté le")
    scanned_at = models.DateTimeField("vérifié le", null=True, blank=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        indexes = [
            models.Index(fields=["added_at"], name="attachment_held", condition=Q(state=AttachmentState.HELD))
        ]
        constraints = [
            models.CheckConstraint(
                name="attachment_verdict",
                condition=Q(state="HELD", scanned_at__isnull=True, removed_at__isnull=True)
                | Q(state__in=["CLEAN", "INFECTED"], scanned_at__isnull=False, removed_at__isnull=True)
                | Q(state="REMOVED", removed_at__isnull=False),
                violation_error_message="Un fichier porte la date de sa vérification ou de son retrait.",
            ),
            models.CheckConstraint(
                name="attachment_bytes_while_kept",
                condition=Q(state__in=KEPT_STATES, path__gt="") | (~Q(state__in=KEPT_STATES) & Q(path="")),
                violation_error_message="Un fichier refusé ou retiré n’a plus de contenu.",
            ),
            models.UniqueConstraint(fields=["path"], condition=Q(path__gt=""), name="attachment_one_place"),
            models.UniqueConstraint(
                fields=["pathway", "sha256"],
                condition=Q(state__in=KEPT_STATES),
                name="attachment_once",
                violation_error_message="Ce fichier est déjà là.",
            ),
        ]
        triggers = [
            *untouched(of_pathway(), texts=["file_name"]),
            pgtrigger.FSM(
                name="attachment_moves",
                field="state",
                transitions=[
                    (str(source.value), str(target.value))
                    for source, targets in ATTACHMENT_TRANSITIONS.items()
                    for target in sorted(targets)
                ],
            ),
            pgtrigger.Protect(
                name="attachment_begins_held",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state <> 'HELD'"),
            ),
            pgtrigger.Protect(name="attachment_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="attachment_is_whose",
                fields=["uuid", "pathway", "added_by", "is_from_person", "added_at", "sha256", "size_bytes"],
            ),
        ]

    def __str__(self) -> str:
        return f"Fichier {self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.state == AttachmentState.CLEAN
