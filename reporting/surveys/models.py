import uuid

from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import untouched
from cep_portal.common.marks import by_mark, changed_xid, marked
from cep_portal.common.pasts import Former, keeps_past, known_from
from operators.casework.pathways.models import Pathway, of_pathway
from operators.network.enums import ServiceLevel
from reporting.surveys.enums import Satisfaction, SurveyKind

CHANGING = ("pathway_id", "kind", "level", "sent_at", "answered_at", "answered_on", "satisfaction")


class FormerSurvey(Former):
    """A question before its answer came, or before its pathway became another one."""

    pathway_id = models.BigIntegerField("parcours")
    kind = models.CharField("moment", max_length=12, choices=SurveyKind)
    level = models.CharField("niveau atteint", max_length=3, choices=ServiceLevel)
    sent_at = models.DateTimeField("envoyée le")
    answered_at = models.DateTimeField("répondue le", null=True)
    answered_on = models.DateField("jour de réponse", null=True)
    satisfaction = models.PositiveSmallIntegerField("satisfaction", choices=Satisfaction, null=True)

    class Meta(Former.Meta):
        db_table = "reporting_survey_former"
        verbose_name = "enquête d’avant"


class Survey(models.Model):
    """One question asked at the end of a pathway, answered once by a signed link, without an account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="surveys")
    kind = models.CharField("moment", max_length=12, choices=SurveyKind)
    level = models.CharField("niveau atteint", max_length=3, choices=ServiceLevel)
    sent_at = models.DateTimeField("envoyée le")
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_on = models.DateField("jour de réponse", null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(
        "satisfaction", choices=Satisfaction, null=True, blank=True
    )

    changed_xid = changed_xid()
    known_from = known_from()

    class Meta:
        verbose_name = "enquête"
        triggers = [
            *untouched(of_pathway()),
            marked(*CHANGING),
            *keeps_past("reporting_survey_former", *CHANGING, changing=CHANGING),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "kind", "sent_at"], name="survey_once_per_closing"),
            models.CheckConstraint(
                name="survey_answer_complete",
                condition=Q(
                    answered_at__isnull=True,
                    answered_on__isnull=True,
                    satisfaction__isnull=True,
                )
                | Q(
                    answered_at__gte=F("sent_at"),
                    answered_on__isnull=False,
                    satisfaction__range=(1, 4),
                ),
                violation_error_message="Une réponse porte sa date et sa note.",
            ),
        ]
        indexes = [by_mark("survey_changed"), models.Index(fields=["answered_on"], name="survey_answered_on")]

    def __str__(self) -> str:
        return f"Enquête {self.uuid}"
