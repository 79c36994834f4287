from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from reporting.closings import services


@shared_task(name=TaskName.ADVANCE_CLOSINGS, ignore_result=True)
def advance_closings(**_newer: object) -> None:
    now = timezone.now()
    services.open_closings(now=now)
    services.advance_closings(now=now)


@shared_task(name=TaskName.RESTATE_QUARTER, ignore_result=True)
def restate_quarter(**_newer: object) -> None:
    services.restate_quarter(now=timezone.now())
