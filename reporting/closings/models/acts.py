import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.models import Mandate
from procurement.contracts.models import Contract
from reporting.closings.enums import DisputeOutcome, NeutralReason, RequestDecision, RestatementDecision
from reporting.closings.models.closings import Closing, FrozenValue
from reporting.closings.models.querysets import OfClosing, OfContract
from reporting.closings.models.walls import NEVER_IN_A_FROZEN_MONTH, RAISED_IN_TIME, two_people


class DataDispute(models.Model):
    """A holder says that a provisional figure is wrong; a contract manager answers before the freeze."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="disputes")
    kpi = models.CharField("indicateur", max_length=40)
    words = models.TextField("ce qui est contesté")
    raised_at = models.DateTimeField("contesté le")
    raised_under = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    outcome = models.CharField("issue", max_length=8, choices=DisputeOutcome, blank=True)
    answer = models.TextField("réponse", blank=True)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")

    objects = OfClosing.as_manager()

    class Meta:
        verbose_name = "contestation de chiffre"
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "kpi"],
                name="dispute_once_a_figure",
                violation_error_message="Ce chiffre est déjà contesté.",
            ),
            models.CheckConstraint(
                name="dispute_says_something",
                condition=~Q(words=""),
                violation_error_message="Dites ce qui est contesté.",
            ),
            models.CheckConstraint(
                name="dispute_answer_complete",
                condition=Q(outcome="", answer="", answered_at__isnull=True, answered_under__isnull=True)
                | (
                    Q(answered_at__isnull=False, answered_under__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(answer="")
                ),
                violation_error_message="Une réponse porte son issue, ses motifs, son auteur et sa date.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="words_fixed", fields=["closing", "kpi", "words", "raised_at", "raised_under"]
            ),
            pgtrigger.Protect(
                name="answer_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.answered_at IS NOT NULL"),
            ),
            pgtrigger.Trigger(
                name="raised_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=RAISED_IN_TIME,
            ),
            two_people("raised_under_id", "answered_under_id"),
        ]

    def __str__(self) -> str:
        return f"Contestation {self.uuid}"


class Neutralisation(models.Model):
    """Days of a contract left out of its figures, for a listed reason, decided by a second person."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="neutralisations")
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    reason = models.CharField("motif", max_length=20, choices=NeutralReason)
    words = models.TextField("faits et justificatifs")
    proposed_at = models.DateTimeField("proposée le")
    proposed_under = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    outcome = models.CharField("décision", max_length=8, choices=RequestDecision, blank=True)
    reasons = models.TextField("motifs de la décision", blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")

    objects = OfContract.as_manager()

    class Meta:
        verbose_name = "neutralisation"
        constraints = [
            models.CheckConstraint(
                name="neutralisation_days_ordered",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.CheckConstraint(
                name="neutralisation_in_a_month",
                condition=Q(first_day__year=F("last_day__year"), first_day__month=F("last_day__month")),
                violation_error_message="Les jours neutralisés sont ceux d’un seul mois.",
            ),
            models.CheckConstraint(
                name="neutralisation_decision_complete",
                condition=Q(outcome="", reasons="", decided_at__isnull=True, decided_under__isnull=True)
                | (
                    Q(decided_at__isnull=False, decided_under__isnull=False) & ~Q(outcome="") & ~Q(reasons="")
                ),
                violation_error_message="Une décision porte ses motifs, son auteur et sa date.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="proposal_fixed",
                fields=[
                    "contract",
                    "first_day",
                    "last_day",
                    "reason",
                    "words",
                    "proposed_at",
                    "proposed_under",
                ],
            ),
            pgtrigger.Protect(
                name="decision_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.decided_at IS NOT NULL"),
            ),
            pgtrigger.Trigger(
                name="never_in_a_frozen_month",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NEVER_IN_A_FROZEN_MONTH,
            ),
            two_people("proposed_under_id", "decided_under_id"),
        ]

    def __str__(self) -> str:
        return f"Neutralisation {self.uuid}"


class Reopening(models.Model):
    """An analyst asks that a frozen month be reopened, with reasons; a decider says yes or no."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="reopenings")
    words = models.TextField("pourquoi rouvrir")
    asked_at = models.DateTimeField("demandée le")
    asked_under = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    outcome = models.CharField("décision", max_length=8, choices=RequestDecision, blank=True)
    reasons = models.TextField("motifs de la décision", blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")

    objects = OfClosing.as_manager()

    class Meta:
        verbose_name = "demande de réouverture"
        constraints = [
            models.UniqueConstraint(
                fields=["closing"],
                condition=Q(outcome=""),
                name="reopening_asked_once",
                violation_error_message="Une réouverture attend déjà une décision.",
            ),
            models.CheckConstraint(
                name="reopening_decision_complete",
                condition=Q(outcome="", reasons="", decided_at__isnull=True, decided_under__isnull=True)
                | (
                    Q(decided_at__isnull=False, decided_under__isnull=False) & ~Q(outcome="") & ~Q(reasons="")
                ),
                violation_error_message="Une décision porte ses motifs, son auteur et sa date.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="request_fixed", fields=["closing", "words", "asked_at", "asked_under"]),
            pgtrigger.Protect(
                name="decision_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.decided_at IS NOT NULL"),
            ),
            two_people("asked_under_id", "decided_under_id"),
        ]

    def __str__(self) -> str:
        return f"Réouverture {self.uuid}"


class Restatement(models.Model):
    """A frozen figure beside what the same month counts later; over the materiality, a decision is due."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    frozen = models.ForeignKey(FrozenValue, models.PROTECT, related_name="restatements")
    quarter = models.DateField("trimestre de la comparaison")
    known_at = models.DateTimeField("faits connus au")
    numerator = models.BigIntegerField("numérateur")
    denominator = models.BigIntegerField("dénominateur", null=True, blank=True)
    value = models.DecimalField("valeur", max_digits=16, decimal_places=4, null=True, blank=True)
    is_material = models.BooleanField("appelle une décision")
    decision = models.CharField("décision", max_length=10, choices=RestatementDecision, blank=True)
    reasons = models.TextField("motifs", blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "révision de chiffre"
        constraints = [
            models.UniqueConstraint(fields=["frozen", "quarter"], name="restatement_once_a_quarter"),
            models.CheckConstraint(
                name="restatement_decision_complete",
                condition=Q(decision="", reasons="", decided_at__isnull=True, decided_under__isnull=True)
                | (
                    Q(is_material=True, decided_at__isnull=False, decided_under__isnull=False)
                    & ~Q(decision="")
                    & ~Q(reasons="")
                ),
                violation_error_message="Une décision porte ses motifs, son auteur et sa date.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="comparison_fixed",
                fields=["frozen", "quarter", "known_at", "numerator", "denominator", "value", "is_material"],
            ),
            pgtrigger.Protect(
                name="decision_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.decided_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"Révision {self.uuid}"
