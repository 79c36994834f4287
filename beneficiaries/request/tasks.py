from celery import shared_task
from django.utils import timezone

from beneficiaries.request import services
from cep_portal.common.task_names import TaskName


@shared_task(name=TaskName.FORGET_CODES, ignore_result=True)
def forget_codes(**_newer: object) -> None:
    """Forget what was typed to receive a code. Safe to run twice."""
    services.forget_codes(now=timezone.now())
