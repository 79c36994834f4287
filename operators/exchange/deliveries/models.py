import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User
from operators.exchange.deliveries.enums import DeliveryState, FileFormat, KeyKind

ID_PLACE = 1  # of the operator's number among the cells, as rules.columns orders them
ERASED_MARK = "sha256:"  # of a number whose person was erased: who was erased does not come back


class DataDeliveryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A manager, or a software, sees those of the organisation; steering reads counts (selectors)."""
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def taken(self) -> Self:
        """Those that brought something, new or already known: they stop the legal clock."""
        return self.filter(state=DeliveryState.DONE, is_trial=False).filter(line_count__gt=F("refused_count"))


class DataDelivery(models.Model):
    """A file of facts that an operator sends from its own software (R6111-5).

    Moved by deliveries.services only. The file is destroyed once read; counts and refused lines stay. A trial
    is read the same way and writes no fact.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="deliveries")
    is_trial = models.BooleanField("simple vérification", default=False)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    software = models.CharField("logiciel", max_length=80, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True)
    file_name = models.CharField("nom du fichier", max_length=120)
    file_format = models.CharField("format", max_length=4, choices=FileFormat)
    size_bytes = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    state = models.CharField("état", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    reason = models.CharField("raison", max_length=300, blank=True)
    started_at = models.DateTimeField("lecture commencée le", null=True, blank=True)
    finished_at = models.DateTimeField("lecture finie le", null=True, blank=True)
    line_count = models.PositiveIntegerField("lignes", default=0)
    new_count = models.PositiveIntegerField("nouvelles", default=0)
    changed_count = models.PositiveIntegerField("modifiées", default=0)
    same_count = models.PositiveIntegerField("déjà connues", default=0)
    withdrawn_count = models.PositiveIntegerField("retirées", default=0, db_default=0)
    refused_count = models.PositiveIntegerField("refusées", default=0)
    refused_fields = models.JSONField("refus par champ", default=dict)
    empty_fields = models.JSONField("champs facultatifs vides", default=dict)
    remarks = ArrayField(
        models.CharField(max_length=400), verbose_name="ce qui n’est pas lu", default=list, db_default=[]
    )

    objects = DataDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "remontée"
        indexes = [models.Index(fields=["organisation", "-sent_at"], name="delivery_latest")]
        constraints = [
            models.CheckConstraint(
                name="delivery_counts_add_up",
                condition=Q(
                    line_count=F("new_count")
                    + F("changed_count")
                    + F("same_count")
                    + F("withdrawn_count")
                    + F("refused_count")
                ),
                violation_error_message="Chaque ligne est prise, déjà connue ou refusée.",
            ),
            models.CheckConstraint(
                name="delivery_over_has_end",
                condition=Q(state__in=["WAITING", "RUNNING"], finished_at__isnull=True)
                | Q(state__in=["DONE", "REFUSED", "FAILED"], finished_at__isnull=False),
                violation_error_message="Une remontée lue a une heure de fin.",
            ),
            models.CheckConstraint(
                name="delivery_refused_tells_why",
                condition=Q(state__in=["REFUSED", "FAILED"], reason__gt="", line_count=0)
                | (~Q(state__in=["REFUSED", "FAILED"]) & Q(reason="")),
                violation_error_message="Une remontée illisible dit pourquoi, et rien n’en est gardé.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Remontée {self.uuid}"

    @property
    def is_under_way(self) -> bool:
        return self.state in DeliveryState.under_way

    @property
    def taken_count(self) -> int:
        return self.line_count - self.refused_count


class RefusedLine(models.Model):
    """A line not taken, as it was sent, with what to mend; forgotten after PORTAL_REFUSED_LINES_DAYS.

    `problems` is [{field, what, how}]; a cell that held a social-security number is blank.
    """

    delivery = models.ForeignKey(DataDelivery, models.CASCADE, related_name="refused_lines")
    number = models.PositiveIntegerField("ligne")
    person = models.CharField("numéro de la personne", max_length=100, blank=True)
    cells = ArrayField(models.TextField(blank=True), verbose_name="cellules")
    problems = models.JSONField("à corriger")

    class Meta:
        verbose_name = "ligne refusée"
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "number"],
                name="refused_line_once",
                violation_error_message="Une ligne n’est refusée qu’une fois.",
            ),
        ]

    def __str__(self) -> str:
        return f"Ligne {self.number} de {self.delivery_id}"

    @property
    def external_id(self) -> str:
        """The operator's own number of the line."""
        return self.cells[ID_PLACE][:100]


class ExternalKey(models.Model):
    """An operator's own number and what it names here: the same number is never another thing.

    `digest` is that of the line: the same line again changes nothing. A fact that its operator withdrew keeps
    its number, which names its person from then on. Written by deliveries.services.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=12, choices=KeyKind)
    external_id = models.CharField("numéro chez l’opérateur", max_length=100)
    target = models.UUIDField("désigne")
    digest = models.BinaryField("empreinte de la ligne", max_length=16, null=True)
    delivery = models.ForeignKey(DataDelivery, models.PROTECT, related_name="keys")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "numéro de l’opérateur"
        indexes = [models.Index(fields=["target"], name="external_key_target")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "external_id"],
                name="external_key_unique",
                violation_error_message="Ce numéro désigne déjà autre chose.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id} de {self.organisation_id}"


class FormerFact(models.Model):
    """What a fact said before a delivery changed it: the change is never silent."""

    key = models.ForeignKey(ExternalKey, models.PROTECT, related_name="former_facts")
    delivery = models.ForeignKey(DataDelivery, models.PROTECT, related_name="+")
    former = models.JSONField("avant")
    replaced_at = models.DateTimeField("remplacé le")

    class Meta:
        verbose_name = "fait remplacé"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Avant le {self.replaced_at:%Y-%m-%d}, {self.key_id}"


class SupplyAlarm(models.Model):
    """Nothing came from an operator for `days` days since a day: said once to both sides."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="supply_alarms")
    since_on = models.DateField("dernière donnée le")
    days = models.PositiveSmallIntegerField("jours")
    raised_at = models.DateTimeField("donnée le")

    class Meta:
        verbose_name = "alerte de remontée"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "since_on", "days"],
                name="supply_alarm_once",
                violation_error_message="Cette alerte a déjà été donnée.",
            ),
            models.CheckConstraint(
                name="supply_alarm_known_term",
                condition=Q(days__in=[30, 90, 150]),
                violation_error_message="Une alerte est donnée à 30, 90 ou 150 jours.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.days} jours sans donnée de {self.organisation_id}"
