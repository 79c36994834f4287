from datetime import datetime

from django.db import connection, transaction

from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.casework.pathways.models import Pathway
from reporting.surveys import notices, rules, selectors
from reporting.surveys.enums import Satisfaction, SurveyKind
from reporting.surveys.errors import SurveyAlreadyAnswered
from reporting.surveys.models import Survey

SENDING_LOCK = 20_240_611  # one sender at a time: two beats together ask nobody twice


def send_due_surveys(*, now: datetime) -> int:
    """Ask everybody whose pathway was closed lately and who was not asked yet; returns how many.

    Survey and message are one decision per batch. Run twice, or two at once, it asks once.
    """
    total = 0
    while sent := _send_batch(now=now):
        total += sent
    return total


@transaction.atomic
def _send_batch(*, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SENDING_LOCK])
    pathways = list(selectors.pathways_to_survey(now=now)[: rules.BATCH])
    surveys = Survey.objects.bulk_create(_survey(pathway, now=now) for pathway in pathways)
    for survey in surveys:
        notices.ask(survey, recipient=survey.pathway.beneficiary.email, now=now)
    return len(surveys)


def _survey(pathway: Pathway, *, now: datetime) -> Survey:
    level = pathway.reached_level  # type: ignore[attr-defined]  # annotated by the selector
    return Survey(pathway=pathway, kind=SurveyKind.AT_CLOSING, level=level, sent_at=now)


@transaction.atomic
def answer_survey(*, survey: Survey, satisfaction: int, now: datetime) -> Survey:
    """Write the one answer of a person; its day is the region's local day.

    Raises SurveyAlreadyAnswered: an answer is never changed; FileRestricted.
    """
    lock_person(survey.pathway.beneficiary_id)
    survey = (
        Survey.objects.select_for_update(of=("self",)).select_related("pathway__region").get(pk=survey.pk)
    )
    if survey.answered_at is not None:
        raise SurveyAlreadyAnswered("Votre avis est déjà enregistré.")
    survey.answered_at, survey.satisfaction = now, Satisfaction(satisfaction)
    survey.answered_on = local_day(now, survey.pathway.region.zone)
    survey.save(update_fields=["answered_at", "answered_on", "satisfaction"])
    record(action="reporting.survey.answered", target=survey, by=None, now=now)
    return survey
