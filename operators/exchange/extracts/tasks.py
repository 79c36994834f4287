from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.make_extract", ignore_result=True)
def make_extract(*, extract_id: int, **_newer):
    """Write the file of one granted request. Safe to run twice, and again after a worker died."""
    from operators.exchange.extracts import services  # noqa: PLC0415 -- leaf

    services.make_extract(extract_id=extract_id, now=timezone.now())


@shared_task(name="operators.resume_extracts", ignore_result=True)
def resume_extracts(**_newer):
    """Hand again the granted requests whose worker was lost. Safe to run twice."""
    from operators.exchange.extracts import services  # noqa: PLC0415 -- leaf

    services.resume_extracts(now=timezone.now())


@shared_task(name="operators.destroy_extracts", ignore_result=True)
def destroy_extracts(**_newer):
    """Destroy the files whose two days are over. Safe to run twice."""
    from operators.exchange.extracts import services  # noqa: PLC0415 -- leaf

    services.destroy_extracts(now=timezone.now())
