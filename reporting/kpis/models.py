import uuid

from django.db import models
from django.db.models import Q

from cep_portal.territories.models import Region
from procurement.contracts.models import Contract
from reporting.kpis.enums import PeriodKind, RunState


class KpiRun(models.Model):
    """One computation of every indicator: when, on what was known when, with which code."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    known_at = models.DateTimeField("faits connus au")
    started_at = models.DateTimeField("début")
    finished_at = models.DateTimeField("fin", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=RunState, default=RunState.RUNNING)
    engine_version = models.CharField("version du calcul", max_length=20)

    class Meta:
        verbose_name = "calcul des indicateurs"

    def __str__(self) -> str:
        return f"Calcul {self.uuid}"


class KpiValue(models.Model):
    """One indicator for one contract, one region, one period: counts only, the rate is made on reading.

    Upserted by each run (provisional values). Counts stay whole: what of them a reader sees is decided by
    reporting.kpis.rules.readers.
    """

    kpi = models.CharField("indicateur", max_length=40)
    definition_version = models.PositiveSmallIntegerField("version de la définition")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="kpi_values")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    period_kind = models.CharField("période", max_length=5, choices=PeriodKind)
    period_starts_on = models.DateField("premier jour")
    numerator = models.BigIntegerField("numérateur")
    denominator = models.BigIntegerField("dénominateur", null=True, blank=True)
    run = models.ForeignKey(KpiRun, models.PROTECT, related_name="values")

    class Meta:
        verbose_name = "valeur d’indicateur"
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "period_kind", "period_starts_on", "contract", "region"],
                name="kpi_value_unique",
            ),
            models.CheckConstraint(
                name="kpi_counts_not_negative",
                condition=Q(numerator__gte=0) & (Q(denominator__isnull=True) | Q(denominator__gte=0)),
                violation_error_message="Un effectif n’est jamais négatif.",
            ),
            models.CheckConstraint(
                name="kpi_period_starts_its_month",
                condition=Q(period_starts_on__day=1)
                & (
                    Q(period_kind__in=[PeriodKind.MONTH, PeriodKind.ROLLING])
                    | Q(period_kind=PeriodKind.QUARTER, period_starts_on__month__in=[1, 4, 7, 10])
                    | Q(
                        period_kind__in=[PeriodKind.YEAR, PeriodKind.TO_DATE],
                        period_starts_on__month=1,
                    )
                ),
                violation_error_message="Une période est désignée par son premier jour.",
            ),
        ]
        indexes = [models.Index(fields=["region", "period_kind", "kpi"], name="kpi_value_region")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.region_id} {self.period_starts_on}"
