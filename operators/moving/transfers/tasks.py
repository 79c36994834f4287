from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.expire_transfers", ignore_result=True)
def expire_transfers(**_newer):
    """End the transfers that nobody received in time. Safe to run twice."""
    from operators.moving.transfers import services  # noqa: PLC0415 -- leaf

    services.expire_transfers(now=timezone.now())
