from celery import shared_task
from django.utils import timezone

from beneficiaries.rights import services
from cep_portal.common.task_names import TaskName


@shared_task(name=TaskName.BUILD_EXPORT, ignore_result=True)
def build_export(*, export_id: int, **_newer: object) -> None:
    services.build_export(export_id=export_id, now=timezone.now())


@shared_task(name=TaskName.WITHDRAW_EXPORTS, ignore_result=True)
def withdraw_exports(**_newer: object) -> None:
    """Destroy the copies that are over. Safe to run twice."""
    services.withdraw_exports(now=timezone.now())


@shared_task(name=TaskName.PURGE_PEOPLE, ignore_result=True)
def purge_people(**_newer: object) -> None:
    """Warn, then erase, who had no contact for the whole retention. Safe to run twice."""
    services.purge_people(now=timezone.now())
