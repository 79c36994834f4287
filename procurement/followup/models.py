import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.documents.models import StoredDocument
from procurement.commitments.models import CommitmentVersion
from procurement.followup.enums import PENALTY_TRANSITIONS, STATE_TONES, PenaltyState

NOTIFIED_FIELDS = ("notified_at", "notified_under_id", "observations_due_on", "notice_id")
OBSERVED_FIELDS = ("observed_at", "observed_under_id", "observations")

# Different people are different users: a person may hold two mandates (INV-22).
DECIDED_BY_ANOTHER = """
    IF EXISTS (
        SELECT FROM accounts_mandate AS decides
        JOIN accounts_mandate AS earlier ON earlier.user_id = decides.user_id
        WHERE decides.id = NEW.decided_under_id
            AND earlier.id IN (NEW.notified_under_id, NEW.observed_under_id)
    ) THEN
        RAISE EXCEPTION 'decided_by_another_person: who notified or observed a penalty does not decide it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def _fixed_once_set(name: str, fields: tuple[str, ...]) -> pgtrigger.Protect:
    """What was notified or received never changes afterwards (INV-29)."""
    old, new = (", ".join(f"{row}.{field}" for field in fields) for row in ("OLD", "NEW"))
    return pgtrigger.Protect(
        name=name,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            f"OLD.{fields[0]} IS NOT NULL AND ROW({old}) IS DISTINCT FROM ROW({new})"
        ),
    )


class PenaltyQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """France compétences sees all; an operator its own, once notified."""
        if user.role in Role.of_france_competences:
            return self
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(
                version__commitment__contract__holder=user.organisation_id,
                notified_at__isnull=False,
            )
        return self.none()


class Penalty(models.Model):
    """A penalty as a procedure: proposed by the clock, heard, then decided by people. Never a debit.

    State moves only through procurement.followup.services; three different people act (INV-22).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(CommitmentVersion, models.PROTECT, related_name="penalties")
    month = models.DateField("mois constaté")
    measured = models.DecimalField("valeur constatée", max_digits=12, decimal_places=4)
    numerator = models.BigIntegerField("numérateur")
    denominator = models.BigIntegerField("dénominateur", null=True)  # a count has none
    computed_amount_excl_tax = models.DecimalField("montant calculé HT", max_digits=12, decimal_places=2)
    trace = models.JSONField("calcul détaillé")
    # The frozen figure behind it, by plain values: empty for those proposed before any month was frozen.
    figure_ref = models.UUIDField("chiffre arrêté", null=True, blank=True)
    figure_sha256 = models.CharField("empreinte du chiffre", max_length=64, blank=True)
    definition_ref = models.CharField("définition", max_length=60, blank=True)
    state = models.CharField("état", max_length=10, choices=PenaltyState, default=PenaltyState.PROPOSED)
    proposed_at = models.DateTimeField("proposée le")

    notified_at = models.DateTimeField("notifiée le", null=True, blank=True)
    notified_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    observations_due_on = models.DateField("observations attendues jusqu’au", null=True, blank=True)
    notice = models.ForeignKey(StoredDocument, models.PROTECT, null=True, related_name="+")

    observed_at = models.DateTimeField("observations reçues le", null=True, blank=True)
    observed_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    observations = models.TextField("observations", blank=True)

    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    decided_amount_excl_tax = models.DecimalField(
        "montant décidé HT", max_digits=12, decimal_places=2, null=True, blank=True
    )
    reasons = models.TextField("motifs", blank=True)
    corrected_words = models.TextField("pourquoi malgré le chiffre corrigé", blank=True)
    decision_letter = models.ForeignKey(StoredDocument, models.PROTECT, null=True, related_name="+")

    objects = PenaltyQuerySet.as_manager()

    class Meta:
        verbose_name = "pénalité"
        indexes = [models.Index(fields=["state", "month"], name="penalty_state_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "month"],
                name="penalty_once_a_month",
                violation_error_message="Une pénalité existe déjà pour cet engagement et ce mois.",
            ),
            models.CheckConstraint(
                name="penalty_amount_positive",
                condition=Q(computed_amount_excl_tax__gt=0),
                violation_error_message="Le montant calculé est positif.",
            ),
            models.CheckConstraint(
                name="penalty_figure_whole",
                condition=Q(figure_ref__isnull=True, figure_sha256="", definition_ref="")
                | (
                    Q(figure_ref__isnull=False, figure_sha256__regex="^[0-9a-f]{64}$") & ~Q(definition_ref="")
                ),
                violation_error_message="Un chiffre arrêté porte sa page, son empreinte et sa définition.",
            ),
            models.CheckConstraint(
                name="penalty_notified_complete",
                condition=Q(state__in=["PROPOSED", "DROPPED"], notified_at__isnull=True)
                | Q(
                    ~Q(state__in=["PROPOSED", "DROPPED"]),
                    notified_at__isnull=False,
                    notified_under__isnull=False,
                    observations_due_on__isnull=False,
                ),
                violation_error_message="Une pénalité notifiée porte sa date et son délai.",
            ),
            models.CheckConstraint(
                name="penalty_observed_complete",
                condition=Q(
                    ~Q(state="OBSERVED"),
                    observed_at__isnull=True,
                    observed_under__isnull=True,
                    observations="",
                )
                | (Q(observed_at__isnull=False, observed_under__isnull=False) & ~Q(observations="")),
                violation_error_message="Des observations portent leur date, leur auteur et leur texte.",
            ),
            models.CheckConstraint(
                name="penalty_heard_before_decision",
                condition=~Q(state__in=PenaltyState.decided)
                | Q(observed_at__isnull=False)
                | Q(decided_at__date__gt=F("observations_due_on")),
                violation_error_message="On ne décide qu’après les observations ou leur délai (INV-21).",
            ),
            models.CheckConstraint(
                name="penalty_decision_complete",
                condition=(Q(~Q(state__in=PenaltyState.decided), decided_at__isnull=True))
                | (
                    Q(
                        state__in=PenaltyState.decided,
                        decided_at__isnull=False,
                        decided_under__isnull=False,
                        decided_amount_excl_tax__isnull=False,
                    )
                    & ~Q(reasons="")
                ),
                violation_error_message="Une décision porte son auteur, son montant et ses motifs.",
            ),
            models.CheckConstraint(
                name="penalty_decided_amount_fits",
                condition=(
                    ~Q(state__in=PenaltyState.decided)
                    | Q(state="WAIVED", decided_amount_excl_tax=0)
                    | Q(
                        state="APPLIED",
                        decided_amount_excl_tax=F("computed_amount_excl_tax"),
                    )
                    | Q(
                        state="REDUCED",
                        decided_amount_excl_tax__gt=0,
                        decided_amount_excl_tax__lt=F("computed_amount_excl_tax"),
                    )
                ),
                violation_error_message="Le montant décidé ne correspond pas à la décision.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="facts_fixed",
                fields=[
                    "version",
                    "month",
                    "measured",
                    "numerator",
                    "denominator",
                    "computed_amount_excl_tax",
                    "trace",
                    "figure_ref",
                    "figure_sha256",
                    "definition_ref",
                    "proposed_at",
                ],
            ),
            pgtrigger.FSM(
                name="state_follows_table",
                field="state",
                transitions=sorted(
                    (str(old), str(new)) for old, news in PENALTY_TRANSITIONS.items() for new in news
                ),
            ),
            pgtrigger.Trigger(
                name="decided_by_another_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("decided_under_id"),
                condition=pgtrigger.Q(new__decided_under__isnull=False),
                func=DECIDED_BY_ANOTHER,
            ),
            _fixed_once_set("notified_is_fixed", NOTIFIED_FIELDS),
            _fixed_once_set("observed_is_fixed", OBSERVED_FIELDS),
            pgtrigger.Protect(
                name="decided_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('APPLIED', 'REDUCED', 'WAIVED', 'DROPPED')"
                    " AND (OLD.decision_letter_id IS NOT NULL OR OLD.state IS DISTINCT FROM NEW.state)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Pénalité {self.uuid}"

    @property
    def tone(self) -> str:
        """The kind of its badge."""
        return STATE_TONES[PenaltyState(self.state)]
