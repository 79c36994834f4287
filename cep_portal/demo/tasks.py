from celery import shared_task
from django.conf import settings
from django.utils import timezone

from cep_portal.common.days import local_day
from cep_portal.common.task_names import TaskName
from cep_portal.demo.living.closings import freeze_waiting
from cep_portal.demo.living.days import live_until
from reporting.kpis.services import compute_indicators


@shared_task(name=TaskName.LIVE_DEMONSTRATION, ignore_result=True)
def live_demonstration(**_newer):
    """Bring the demonstration to today, its figures too; nothing elsewhere. Safe to run twice.

    In the training place the night itself counts: its clock lives through each.
    """
    if not settings.PORTAL_DEMONSTRATION:
        return
    now = timezone.now()
    today = local_day(now)
    if live_until(today) and not settings.PORTAL_TRAINING:
        compute_indicators(known_at=now, now=now)
    freeze_waiting(today=today, now=now)
