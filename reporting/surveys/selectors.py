from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from beneficiaries.request.models import Beneficiary
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.network.enums import ServiceLevel
from reporting.surveys import rules
from reporting.surveys.enums import SurveyKind
from reporting.surveys.models import Survey


def pathways_to_survey(*, now: datetime) -> QuerySet[Pathway]:
    """Pathways closed lately and not yet asked about this closing, oldest first, with `reached_level`.

    A pathway reopened and closed again is asked again: the survey belongs to the closing. One that goes on at
    another operator has not ended.
    """
    sessions = CounsellingSession.objects.filter(pathway=OuterRef("pk"))
    asked = Survey.objects.filter(
        pathway=OuterRef("pk"), kind=SurveyKind.AT_CLOSING, sent_at__gte=OuterRef("closed_at")
    )
    return (
        Pathway.objects.filter(
            Exists(sessions),
            ~Exists(asked),
            state=PathwayState.CLOSED,
            closed_at__gt=now - rules.ASKED_WITHIN,
            closed_at__lte=now,
        )
        .exclude(beneficiary__email="")
        .exclude(outcome=ClosingOutcome.TRANSFERRED)
        .filter(beneficiary__erased_at__isnull=True, beneficiary__restricted_at__isnull=True)
        .annotate(
            reached_level=Case(
                When(Exists(sessions.filter(level=ServiceLevel.TWO)), Value(ServiceLevel.TWO)),
                default=Value(ServiceLevel.ONE),
            )
        )
        .select_related("beneficiary")
        .order_by("closed_at", "pk")
    )


def survey_by_uuid(uuid: UUID | None) -> Survey | None:
    return Survey.objects.select_related("pathway__beneficiary").filter(uuid=uuid).first() if uuid else None


def unanswered_survey(*, beneficiary: Beneficiary) -> Survey | None:
    """The latest survey of a person that waits for an answer; one query."""
    waiting = Survey.objects.filter(pathway__beneficiary=beneficiary, answered_at__isnull=True)
    return waiting.order_by("-sent_at", "-pk").first()
