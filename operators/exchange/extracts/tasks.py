from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.exchange.extracts import services


@shared_task(name=TaskName.MAKE_EXTRACT, ignore_result=True)
def make_extract(*, extract_id: int, **_newer: object) -> None:
    """Write the file of one granted request. Safe to run twice, and again after a worker died."""
    services.make_extract(extract_id=extract_id, now=timezone.now())


@shared_task(name=TaskName.RESUME_EXTRACTS, ignore_result=True)
def resume_extracts(**_newer: object) -> None:
    """Hand again the granted requests whose worker was lost. Safe to run twice."""
    services.resume_extracts(now=timezone.now())


@shared_task(name=TaskName.DESTROY_EXTRACTS, ignore_result=True)
def destroy_extracts(**_newer: object) -> None:
    """Destroy the files whose two days are over. Safe to run twice."""
    services.destroy_extracts(now=timezone.now())
