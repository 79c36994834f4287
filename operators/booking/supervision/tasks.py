from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.measure_delays", ignore_result=True)
def measure_delays(**_newer):
    """Measure the delays of the sites where it is night. Safe to run twice."""
    from operators.booking.supervision import services  # noqa: PLC0415 -- leaf

    services.measure_delays(now=timezone.now())


@shared_task(name="operators.count_missing_slots", ignore_result=True)
def count_missing_slots(**_newer):
    """Ask managers for the slots that are missing, each night. Safe to run twice."""
    from operators.booking.supervision import services  # noqa: PLC0415 -- leaf

    services.count_missing_slots(now=timezone.now())


@shared_task(name="operators.follow_opening_requests", ignore_result=True)
def follow_opening_requests(**_newer):
    """Mark as met the requests whose slots were opened. Safe to run twice."""
    from operators.booking.supervision import services  # noqa: PLC0415 -- leaf

    services.follow_opening_requests(now=timezone.now())
