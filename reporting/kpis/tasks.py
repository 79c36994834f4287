from celery import shared_task
from django.utils import timezone


@shared_task(name="reporting.compute_indicators", ignore_result=True)
def compute_indicators(**_newer):
    from reporting.kpis import services  # noqa: PLC0415 -- leaf

    now = timezone.now()
    services.compute_indicators(known_at=now, now=now)
