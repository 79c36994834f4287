from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.booking.supervision import services


@shared_task(name=TaskName.MEASURE_DELAYS, ignore_result=True)
def measure_delays(**_newer: object) -> None:
    """Measure the delays of the sites where it is night. Safe to run twice."""
    services.measure_delays(now=timezone.now())


@shared_task(name=TaskName.COUNT_MISSING_SLOTS, ignore_result=True)
def count_missing_slots(**_newer: object) -> None:
    """Ask managers for the slots that are missing, each night. Safe to run twice."""
    services.count_missing_slots(now=timezone.now())


@shared_task(name=TaskName.FOLLOW_OPENING_REQUESTS, ignore_result=True)
def follow_opening_requests(**_newer: object) -> None:
    """Mark as met the requests whose slots were opened. Safe to run twice."""
    services.follow_opening_requests(now=timezone.now())
