import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.models import Mandate
from cep_portal.documents.models import StoredDocument
from procurement.contracts.models import Contract
from reporting.closings.enums import CLOSING_TRANSITIONS, STATE_TONES, ClosingState, ValueStatus
from reporting.closings.models.querysets import OfClosing, OfContract
from reporting.closings.models.walls import FROZEN_BY_ANOTHER, IN_AN_OPEN_CLOSING, first_day


class Closing(models.Model):
    """One month of one contract on its way to frozen figures; reopened, it has a next number.

    Its three days are computed once, when it opens, and never move (INV-29). Once frozen it never changes:
    figures, evidence file and the chain of hashes (INV-15, INV-16).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="closings")
    month = models.DateField("mois")
    number = models.PositiveSmallIntegerField("version", default=1)
    state = models.CharField("état", max_length=12, choices=ClosingState, default=ClosingState.COLLECTING)
    opened_at = models.DateTimeField("ouvert le")
    provisional_on = models.DateField("provisoire à partir du")
    contest_until = models.DateField("contestable jusqu’au")
    freeze_from = models.DateField("à arrêter à partir du")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    frozen_at = models.DateTimeField("arrêté le", null=True, blank=True)
    frozen_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    known_at = models.DateTimeField("faits connus au", null=True, blank=True)
    evidence = models.OneToOneField(StoredDocument, models.PROTECT, null=True, related_name="+")
    input_sha256 = models.CharField("empreinte des preuves", max_length=64, blank=True)
    output_sha256 = models.CharField("empreinte des chiffres", max_length=64, blank=True)
    previous_sha256 = models.CharField("empreinte de l’arrêté précédent", max_length=64, blank=True)

    objects = OfContract.as_manager()

    class Meta:
        verbose_name = "arrêté mensuel"
        indexes = [models.Index(fields=["state", "month"], name="closing_state_month")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "month", "number"], name="closing_number_unique"),
            models.UniqueConstraint(
                fields=["contract", "month"],
                condition=~Q(state=ClosingState.FROZEN),
                name="closing_open_once",
                violation_error_message="Ce mois est déjà ouvert.",
            ),
            models.UniqueConstraint(
                fields=["contract", "previous_sha256"],
                condition=Q(state=ClosingState.FROZEN),
                name="closing_chain_never_forks",
                violation_error_message="Un autre mois du contrat vient d’être arrêté.",
            ),
            first_day("closing_month_is_first_day"),
            models.CheckConstraint(
                name="closing_days_ordered",
                condition=Q(provisional_on__lte=F("contest_until"), contest_until__lt=F("freeze_from")),
                violation_error_message="Les jours d’un arrêté se suivent.",
            ),
            models.CheckConstraint(
                name="closing_number_follows",
                condition=Q(number=1, supersedes__isnull=True) | Q(number__gt=1, supersedes__isnull=False),
                violation_error_message="Un mois rouvert remplace l’arrêté précédent.",
            ),
            models.CheckConstraint(
                name="closing_frozen_complete",
                condition=Q(
                    state=ClosingState.FROZEN,
                    frozen_at__isnull=False,
                    frozen_under__isnull=False,
                    known_at__isnull=False,
                    evidence__isnull=False,
                    input_sha256__regex="^[0-9a-f]{64}$",
                    output_sha256__regex="^[0-9a-f]{64}$",
                )
                | (~Q(state=ClosingState.FROZEN) & Q(frozen_at__isnull=True, evidence__isnull=True)),
                violation_error_message="Un mois arrêté porte ses preuves, ses empreintes et son auteur.",
            ),
            models.CheckConstraint(
                name="closing_frozen_when_due",
                condition=Q(frozen_at__isnull=True) | Q(frozen_at__date__gte=F("freeze_from")),
                violation_error_message="Un mois ne s’arrête pas avant son jour.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="clock_fixed",
                fields=[
                    "contract",
                    "month",
                    "number",
                    "opened_at",
                    "provisional_on",
                    "contest_until",
                    "freeze_from",
                    "supersedes",
                ],
            ),
            pgtrigger.FSM(
                name="state_follows_table",
                field="state",
                transitions=sorted(
                    (str(old), str(new)) for old, news in CLOSING_TRANSITIONS.items() for new in news
                ),
            ),
            pgtrigger.Protect(
                name="frozen_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=ClosingState.FROZEN),
            ),
            pgtrigger.Trigger(
                name="frozen_by_another_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state=ClosingState.FROZEN),
                func=FROZEN_BY_ANOTHER,
            ),
        ]

    def __str__(self) -> str:
        return f"Arrêté {self.uuid}"

    @property
    def tone(self) -> str:
        """The kind of its badge."""
        return STATE_TONES[ClosingState(self.state)]

    @property
    def is_frozen(self) -> bool:
        return self.state == ClosingState.FROZEN


class FrozenValue(models.Model):
    """One figure of a frozen month: its counts, the value rounded once, its own hash. Never changed.

    `month` is the cohort's: that of the closing, or an earlier one for an indicator that ripens slowly.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="values")
    kpi = models.CharField("indicateur", max_length=40)
    definition_version = models.PositiveSmallIntegerField("version de la définition")
    month = models.DateField("mois mesuré")
    numerator = models.BigIntegerField("numérateur")
    denominator = models.BigIntegerField("dénominateur", null=True, blank=True)
    excluded = models.JSONField("faits écartés", default=dict)
    value = models.DecimalField("valeur", max_digits=16, decimal_places=4, null=True, blank=True)
    status = models.CharField("portée", max_length=20, choices=ValueStatus)
    sha256 = models.CharField("empreinte", max_length=64)

    objects = OfClosing.as_manager()

    class Meta:
        verbose_name = "chiffre arrêté"
        constraints = [
            models.UniqueConstraint(fields=["closing", "kpi"], name="frozen_value_once"),
            first_day("frozen_value_month_is_first_day"),
            models.CheckConstraint(
                name="frozen_value_none_when_empty",
                condition=Q(value__isnull=True, status=ValueStatus.NOT_APPLICABLE)
                | (Q(value__isnull=False) & ~Q(status=ValueStatus.NOT_APPLICABLE)),
                violation_error_message="Rien de compté : le chiffre est sans objet.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="in_an_open_closing",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=IN_AN_OPEN_CLOSING,
            ),
        ]

    def __str__(self) -> str:
        return f"Chiffre {self.uuid}"
