from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.moving.transfers import services


@shared_task(name=TaskName.EXPIRE_TRANSFERS, ignore_result=True)
def expire_transfers(**_newer: object) -> None:
    """End the transfers that nobody received in time. Safe to run twice."""
    services.expire_transfers(now=timezone.now())
