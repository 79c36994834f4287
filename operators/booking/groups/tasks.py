from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.booking.groups import services


@shared_task(name=TaskName.WRITE_GROUP_REMINDERS, ignore_result=True)
def write_group_reminders(**_newer: object) -> None:
    """Write the reminders of meetings whose hour has come. Safe to run twice."""
    services.write_due_reminders(now=timezone.now())
