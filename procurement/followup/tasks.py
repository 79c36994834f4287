from celery import shared_task
from django.utils import timezone


@shared_task(name="procurement.mark_silent_penalties", ignore_result=True)
def mark_silent_penalties(**_newer):
    from procurement.followup import services  # noqa: PLC0415 -- leaf

    services.mark_silent(now=timezone.now())
