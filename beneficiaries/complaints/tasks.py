from celery import shared_task
from django.utils import timezone

from beneficiaries.complaints import services
from cep_portal.common.task_names import TaskName


@shared_task(name=TaskName.REMIND_MANAGERS, ignore_result=True)
def remind_managers(**_newer: object) -> None:
    """Remind operators of the complaints whose month ends. Safe to run twice."""
    services.remind_managers(now=timezone.now())
