from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.exchange.webhooks import services


@shared_task(name=TaskName.SEND_WEBHOOK, ignore_result=True)
def send_webhook(*, message_id: int, **_newer: object) -> None:
    """Try one message. Safe to run twice, and beside another worker."""
    services.send_webhook(message_id=message_id, now=timezone.now())


@shared_task(name=TaskName.SEND_DUE_WEBHOOKS, ignore_result=True)
def send_due_webhooks(**_newer: object) -> None:
    """Hand each message that is due to a task of its own. Safe to run twice."""
    services.send_due_webhooks(now=timezone.now())


@shared_task(name=TaskName.FORGET_WEBHOOKS, ignore_result=True)
def forget_webhooks(**_newer: object) -> None:
    """Delete the messages that are old enough. Safe to run twice."""
    services.forget_webhooks(now=timezone.now())
