from celery import shared_task
from django.conf import settings
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.exchange.deliveries import services


@shared_task(name=TaskName.TAKE_DELIVERY, ignore_result=True)
def take_delivery(*, delivery_id: int, **_newer: object) -> None:
    """Read one delivery. Safe to run twice, and again after a worker died."""
    services.take_delivery(delivery_id=delivery_id, now=timezone.now())


@shared_task(name=TaskName.RESUME_DELIVERIES, ignore_result=True)
def resume_deliveries(**_newer: object) -> None:
    """Hand again the deliveries whose worker was lost. Safe to run twice."""
    services.resume_deliveries(now=timezone.now())


@shared_task(name=TaskName.RAISE_SUPPLY_ALARMS, ignore_result=True)
def raise_supply_alarms(**_newer: object) -> None:
    """Tell who has sent nothing for 30, 90 or 150 days, once each. Safe to run twice."""
    services.raise_supply_alarms(now=timezone.now())


@shared_task(name=TaskName.FORGET_REFUSED_LINES, ignore_result=True)
def forget_refused_lines(**_newer: object) -> None:
    """Delete the refused lines that are old enough, and files checked and not sent. Safe to run twice."""
    services.forget_checked_files(now=timezone.now())
    services.forget_refused_lines(now=timezone.now(), days=settings.PORTAL_REFUSED_LINES_DAYS)
