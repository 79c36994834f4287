from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.moving.duplicates import services


@shared_task(name=TaskName.FIND_DUPLICATES, ignore_result=True)
def find_duplicates(**_newer: object) -> None:
    """Look for files that resemble each other, one operator after the other. Safe to run twice."""
    now = timezone.now()
    services.find_everywhere(now=now)
    services.forget_former(now=now)
