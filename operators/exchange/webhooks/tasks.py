from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.send_webhook", ignore_result=True)
def send_webhook(*, message_id: int, **_newer):
    """Try one message. Safe to run twice, and beside another worker."""
    from operators.exchange.webhooks import services  # noqa: PLC0415 -- leaf

    services.send_webhook(message_id=message_id, now=timezone.now())


@shared_task(name="operators.send_due_webhooks", ignore_result=True)
def send_due_webhooks(**_newer):
    """Hand each message that is due to a task of its own. Safe to run twice."""
    from operators.exchange.webhooks import services  # noqa: PLC0415 -- leaf

    services.send_due_webhooks(now=timezone.now())


@shared_task(name="operators.forget_webhooks", ignore_result=True)
def forget_webhooks(**_newer):
    """Delete the messages that are old enough. Safe to run twice."""
    from operators.exchange.webhooks import services  # noqa: PLC0415 -- leaf

    services.forget_webhooks(now=timezone.now())
