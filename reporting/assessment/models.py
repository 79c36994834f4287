import uuid

from django.db import models

from cep_portal.accounts.models import Mandate
from reporting.kpis.enums import RunState
from reporting.kpis.models import KpiRun

RESULTS = ("proposed", "met", "not_significant", "not_applicable", "refused", "failed")


class AssessmentRun(models.Model):
    """One comparison of a closed month with the commitments: when, on which figures, with what result.

    Written by reporting.assessment.services only; `requested_under` is empty when the clock asked.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    month = models.DateField("mois clos")
    kpi_run = models.ForeignKey(KpiRun, models.PROTECT, related_name="assessments")
    requested_under = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("début")
    finished_at = models.DateTimeField("fin", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=RunState, default=RunState.RUNNING)
    counts = models.JSONField("résultat", default=dict)

    class Meta:
        verbose_name = "constat mensuel"
        constraints = [
            models.CheckConstraint(
                name="assessment_month_is_first_day",
                condition=models.Q(month__day=1),
                violation_error_message="Un mois est désigné par son premier jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"Constat {self.uuid}"

    @property
    def results(self) -> list[int | None]:
        """How many commitments came to each result, in the order of RESULTS; None before the end."""
        done = self.state == RunState.DONE
        return [self.counts.get(result, 0) if done else None for result in RESULTS]
