from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.moving.handovers import services


@shared_task(name=TaskName.RETURN_HANDOVERS, ignore_result=True)
def return_handovers(**_newer: object) -> None:
    """Bring back the pathways lent until yesterday. Safe to run twice."""
    services.return_due(now=timezone.now())
