from celery import shared_task
from django.utils import timezone


@shared_task(name="beneficiaries.forget_codes", ignore_result=True)
def forget_codes(**_newer):
    """Forget what was typed to receive a code. Safe to run twice."""
    from beneficiaries.request import services  # noqa: PLC0415 -- leaf

    services.forget_codes(now=timezone.now())
