from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from reporting.surveys import services


@shared_task(name=TaskName.SEND_DUE_SURVEYS, ignore_result=True)
def send_due_surveys(**_newer: object) -> None:
    """Ask the people whose pathway has just been closed. Safe to run twice."""
    services.send_due_surveys(now=timezone.now())
