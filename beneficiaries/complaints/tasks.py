from celery import shared_task
from django.utils import timezone


@shared_task(name="beneficiaries.remind_managers", ignore_result=True)
def remind_managers(**_newer):
    """Remind operators of the complaints whose month ends. Safe to run twice."""
    from beneficiaries.complaints import services  # noqa: PLC0415 -- leaf

    services.remind_managers(now=timezone.now())
