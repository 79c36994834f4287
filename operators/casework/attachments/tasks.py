from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.casework.attachments import services


@shared_task(name=TaskName.SCAN_ATTACHMENT, ignore_result=True)
def scan_attachment(*, attachment_id: int, **_newer: object) -> None:
    """Have one file scanned as soon as it is added. Safe to run twice."""
    services.scan_attachment(attachment_id=attachment_id, now=timezone.now())


@shared_task(name=TaskName.SCAN_HELD, ignore_result=True)
def scan_held(**_newer: object) -> None:
    """Have the files that wait scanned again, once the scanner answers. Safe to run twice."""
    services.scan_held(now=timezone.now())
