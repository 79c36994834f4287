import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.documents.models import StoredDocument
from operators.casework.pathways.enums import Theme
from operators.casework.pathways.models import Pathway, of_pathway
from operators.casework.summaries.enums import SUMMARY_TRANSITIONS, Answer, SummaryState

FROZEN = Q(state__in=SummaryState.frozen)
KEPT = ("pathway", "version", "revision", "created_at", "proposed_at", "accepted_at", "document")
WORDS = ("situation", "strengths", "project", "advice", "themes", "content")


def _changed(*names: str) -> pgtrigger.Q:
    changed = pgtrigger.Q()
    for name in names:
        changed |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return changed


class SummaryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Advisers of the operator; the person, once it was proposed."""
        own = self.filter(pathway__in=Pathway.objects.visible_to(user))
        return own.filter(revision__gt=0) if user.role == Role.BENEFICIARY else own


class SummaryDocument(models.Model):
    """The account of a pathway that the person accepts. Moved only by operators.casework.summaries.services.

    Frozen once accepted: words, version and file never change; erasure alone blanks the words.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="summaries")
    version = models.PositiveSmallIntegerField("version")
    revision = models.PositiveSmallIntegerField("proposition", default=0)
    state = models.CharField("état", max_length=10, choices=SummaryState, default=SummaryState.DRAFT)
    situation = models.TextField("situation et demande", blank=True)
    strengths = models.TextField("compétences et points d’appui", blank=True)
    project = models.TextField("projet", blank=True)
    advice = models.TextField("conseils", blank=True)
    themes = ArrayField(
        models.CharField(max_length=20, choices=Theme), verbose_name="thèmes repris", default=list, blank=True
    )
    content = models.JSONField("plan au moment de la proposition", default=dict)
    created_at = models.DateTimeField("commencé le")
    proposed_at = models.DateTimeField("proposé le", null=True, blank=True)
    accepted_at = models.DateTimeField("accepté le", null=True, blank=True)
    superseded_at = models.DateTimeField("remplacé le", null=True, blank=True)
    document = models.OneToOneField(StoredDocument, models.PROTECT, null=True, blank=True, related_name="+")
    erased_at = models.DateTimeField("effacé le", null=True, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "document de synthèse"
        verbose_name_plural = "documents de synthèse"
        constraints = [
            models.UniqueConstraint(fields=["pathway", "version"], name="summary_version_once"),
            models.UniqueConstraint(
                fields=["pathway"],
                condition=Q(state__in=SummaryState.still_written),
                name="summary_one_open",
                violation_error_message="Une version est déjà en cours.",
            ),
            models.UniqueConstraint(
                fields=["pathway"],
                condition=Q(state=SummaryState.ACCEPTED),
                name="summary_one_accepted",
                violation_error_message="Une seule version acceptée fait foi.",
            ),
            models.CheckConstraint(
                name="summary_accepted_complete",
                condition=(FROZEN & Q(accepted_at__isnull=False, document__isnull=False))
                | (~FROZEN & Q(accepted_at__isnull=True, document__isnull=True)),
                violation_error_message="Un document accepté a sa date et son fichier.",
            ),
            models.CheckConstraint(
                name="summary_superseded_tells_when",
                condition=Q(state=SummaryState.SUPERSEDED, superseded_at__isnull=False)
                | (~Q(state=SummaryState.SUPERSEDED) & Q(superseded_at__isnull=True)),
                violation_error_message="Un document remplacé dit quand.",
            ),
            models.CheckConstraint(
                name="summary_proposed_tells_when",
                condition=Q(state=SummaryState.DRAFT) | Q(proposed_at__isnull=False, revision__gt=0),
                violation_error_message="Un document proposé dit quand.",
            ),
            models.CheckConstraint(
                name="summary_erased_is_blank",
                condition=Q(erased_at__isnull=True)
                | Q(situation="", strengths="", project="", advice="", themes=[], content={}),
                violation_error_message="Un document effacé n’a plus de mots.",
            ),
        ]
        triggers = [
            *untouched(of_pathway(), texts=["situation", "strengths", "project", "advice"]),
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(old, new) for old, ends in SUMMARY_TRANSITIONS.items() for new in sorted(ends)],
            ),
            pgtrigger.Protect(
                name="frozen_facts",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=SummaryState.frozen) & _changed(*KEPT),
            ),
            pgtrigger.Protect(
                name="frozen_words",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=SummaryState.frozen, new__erased_at__isnull=True)
                & _changed(*WORDS),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Synthèse {self.uuid}"


class SummaryAnswer(models.Model):
    """What the person said of one proposal. Never changed; erasure alone blanks `words`."""

    summary = models.ForeignKey(SummaryDocument, models.PROTECT, related_name="answers")
    revision = models.PositiveSmallIntegerField("proposition")
    answer = models.CharField("réponse", max_length=10, choices=Answer)
    words = models.TextField("à corriger", blank=True)
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "réponse à une synthèse"
        verbose_name_plural = "réponses aux synthèses"
        constraints = [
            models.UniqueConstraint(
                fields=["summary", "revision"],
                name="summary_answered_once",
                violation_error_message="Cette proposition a déjà sa réponse.",
            ),
        ]
        triggers = [
            *untouched(of_pathway(("operators_summarydocument", "pathway_id"), start="NEW.summary_id")),
            pgtrigger.ReadOnly(name="answer_kept", fields=["summary", "revision", "answer", "at"]),
            pgtrigger.Protect(
                name="words_only_erased",
                operation=pgtrigger.Update,
                condition=_changed("words") & ~pgtrigger.Q(new__words=""),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Réponse {self.pk}"


class SummaryShare(models.Model):
    """A link that the person gave to somebody: it ends by itself, and when the person says so."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    summary = models.ForeignKey(SummaryDocument, models.PROTECT, related_name="shares")
    token_digest = models.CharField("empreinte du lien", max_length=64, unique=True)
    recipient = models.CharField("pour qui", max_length=100)
    created_at = models.DateTimeField("créé le")
    expires_at = models.DateTimeField("valable jusqu’au")
    revoked_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "partage d’une synthèse"
        verbose_name_plural = "partages de synthèses"
        constraints = [
            models.CheckConstraint(
                name="summary_share_lasts",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message="Un lien dure un temps.",
            ),
            models.CheckConstraint(
                name="summary_share_digest_hexadecimal",
                condition=Q(token_digest__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 -- the shape of a digest
                violation_error_message="L’empreinte compte 64 chiffres hexadécimaux.",
            ),
        ]
        triggers = [
            *untouched(
                of_pathway(("operators_summarydocument", "pathway_id"), start="NEW.summary_id"),
                texts=["recipient"],
            ),
            pgtrigger.ReadOnly(
                name="share_is_what", fields=["summary", "token_digest", "created_at", "expires_at"]
            ),
            pgtrigger.Protect(
                name="revoked_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False) & _changed("revoked_at"),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Partage {self.uuid}"


class SummaryReading(models.Model):
    """The file was taken by a shared link. Never changed."""

    share = models.ForeignKey(SummaryShare, models.PROTECT, related_name="readings")
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "consultation d’une synthèse"
        verbose_name_plural = "consultations de synthèses"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Consultation {self.pk}"
