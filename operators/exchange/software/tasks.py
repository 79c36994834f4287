from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.forget_keys", ignore_result=True)
def forget_keys(**_newer):
    """Delete the idempotency keys over a month old. Safe to run twice."""
    from operators.exchange.software import services  # noqa: PLC0415 -- leaf

    services.forget_keys(now=timezone.now())
