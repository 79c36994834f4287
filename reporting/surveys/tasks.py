from celery import shared_task
from django.utils import timezone


@shared_task(name="reporting.send_due_surveys", ignore_result=True)
def send_due_surveys(**_newer):
    """Ask the people whose pathway has just been closed. Safe to run twice."""
    from reporting.surveys import services  # noqa: PLC0415 -- leaf

    services.send_due_surveys(now=timezone.now())
