from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.exchange.software import services


@shared_task(name=TaskName.FORGET_KEYS, ignore_result=True)
def forget_keys(**_newer: object) -> None:
    """Delete the idempotency keys over a month old. Safe to run twice."""
    services.forget_keys(now=timezone.now())
