from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.find_duplicates", ignore_result=True)
def find_duplicates(**_newer):
    """Look for files that resemble each other, one operator after the other. Safe to run twice."""
    from operators.moving.duplicates import services  # noqa: PLC0415 -- leaf

    now = timezone.now()
    services.find_everywhere(now=now)
    services.forget_former(now=now)
