from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.scan_attachment", ignore_result=True)
def scan_attachment(*, attachment_id: int, **_newer):
    """Have one file scanned as soon as it is added. Safe to run twice."""
    from operators.casework.attachments import services  # noqa: PLC0415 -- leaf

    services.scan_attachment(attachment_id=attachment_id, now=timezone.now())


@shared_task(name="operators.scan_held", ignore_result=True)
def scan_held(**_newer):
    """Have the files that wait scanned again, once the scanner answers. Safe to run twice."""
    from operators.casework.attachments import services  # noqa: PLC0415 -- leaf

    services.scan_held(now=timezone.now())
