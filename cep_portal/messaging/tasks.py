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


@shared_task(name="messaging.check_morning", ignore_result=True)
def check_morning(**_newer):
    """Compare what was due with what left. Safe to run twice."""
    from cep_portal.messaging import services  # noqa: PLC0415 -- leaf

    services.check_morning(now=timezone.now())


@shared_task(name="messaging.forget_texts", ignore_result=True)
def forget_texts(**_newer):
    """Empty what was said long ago. Safe to run twice."""
    from cep_portal.messaging import services  # noqa: PLC0415 -- leaf

    services.forget_texts(now=timezone.now())
