from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from reporting.assessment import services


@shared_task(name=TaskName.ASSESS_CLOSED_MONTH, ignore_result=True)
def assess_closed_month(**_newer: object) -> None:
    services.start_assessment(by=None, now=timezone.now())


@shared_task(name=TaskName.RUN_ASSESSMENT, ignore_result=True)
def run_assessment(*, run_id: int, **_newer: object) -> None:
    services.run_assessment(run_id=run_id, now=timezone.now())
