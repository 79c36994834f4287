from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from reporting.facts.selectors.known import settled_at
from reporting.kpis import services


@shared_task(name=TaskName.COMPUTE_INDICATORS, ignore_result=True)
def compute_indicators(**_newer: object) -> None:
    now = timezone.now()
    services.compute_indicators(known_at=settled_at(now), now=now)
