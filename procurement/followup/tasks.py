from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from procurement.followup import services


@shared_task(name=TaskName.MARK_SILENT_PENALTIES, ignore_result=True)
def mark_silent_penalties(**_newer: object) -> None:
    services.mark_silent(now=timezone.now())
