from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.booking.agenda import services


@shared_task(name=TaskName.EXPIRE_HOLDS, ignore_result=True)
def expire_holds(**_newer: object) -> None:
    """Mark the holds whose time is over. Safe to run twice."""
    services.expire_holds(now=timezone.now())


@shared_task(name=TaskName.WRITE_DUE_REMINDERS, ignore_result=True)
def write_due_reminders(**_newer: object) -> None:
    """Write the reminders whose hour has come. Safe to run twice."""
    services.write_due_reminders(now=timezone.now())


@shared_task(name=TaskName.CLOSE_UNANSWERED, ignore_result=True)
def close_unanswered(**_newer: object) -> None:
    """Mark the proposals whose hour to answer is past. Safe to run twice."""
    services.close_unanswered(now=timezone.now())


@shared_task(name=TaskName.KEEP_LINK_FAILURES, ignore_result=True)
def keep_link_failures(**_newer: object) -> None:
    """Keep yesterday's count of links that did not open. Safe to run twice."""
    services.link_failures.keep(now=timezone.now())
