from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from cep_portal.messaging import services


@shared_task(name=TaskName.SEND_MESSAGE)
def send_message(*, message_id: int, **_newer: object) -> None:
    services.send_message(message_id=message_id, now=timezone.now())


@shared_task(name=TaskName.SEND_DUE_MESSAGES)
def send_due_messages(**_newer: object) -> None:
    services.send_due_messages(now=timezone.now())


@shared_task(name=TaskName.CHECK_MORNING, ignore_result=True)
def check_morning(**_newer: object) -> None:
    """Compare what was due with what left. Safe to run twice."""
    services.check_morning(now=timezone.now())


@shared_task(name=TaskName.FORGET_TEXTS, ignore_result=True)
def forget_texts(**_newer: object) -> None:
    """Empty what was said long ago. Safe to run twice."""
    services.forget_texts(now=timezone.now())
