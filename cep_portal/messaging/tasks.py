from celery import shared_task
from django.utils import timezone


@shared_task(name="messaging.send_message")
def send_message(*, message_id: int, **_newer):
    from cep_portal.messaging import services  # noqa: PLC0415 -- leaf

    services.send_message(message_id=message_id, now=timezone.now())


@shared_task(name="messaging.send_due_messages")
def send_due_messages(**_newer):
    from cep_portal.messaging import services  # noqa: PLC0415 -- leaf

    services.send_due_messages(now=timezone.now())
