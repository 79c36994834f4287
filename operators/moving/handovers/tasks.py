from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.return_handovers", ignore_result=True)
def return_handovers(**_newer):
    """Bring back the pathways lent until yesterday. Safe to run twice."""
    from operators.moving.handovers import services  # noqa: PLC0415 -- leaf

    services.return_due(now=timezone.now())
