from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.measure_delays", ignore_result=True)
def measure_delays(**_newer):
    """Measure the delays of the sites where it is night. Safe to run twice."""
    from operators.supervision import services  # noqa: PLC0415 -- leaf

    services.measure_delays(now=timezone.now())
