from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.expire_holds", ignore_result=True)
def expire_holds(**_newer):
    """Mark the holds whose time is over. Safe to run twice."""
    from operators.agenda import services  # noqa: PLC0415 -- leaf

    services.expire_holds(now=timezone.now())
