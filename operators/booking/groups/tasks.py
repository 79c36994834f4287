from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.write_group_reminders", ignore_result=True)
def write_group_reminders(**_newer):
    """Write the reminders of meetings whose hour has come. Safe to run twice."""
    from operators.booking.groups import services  # noqa: PLC0415 -- leaf

    services.write_due_reminders(now=timezone.now())
