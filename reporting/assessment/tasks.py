from celery import shared_task
from django.utils import timezone


@shared_task(name="reporting.assess_closed_month", ignore_result=True)
def assess_closed_month(**_newer):
    from reporting.assessment import services  # noqa: PLC0415 -- leaf

    services.start_assessment(by=None, now=timezone.now())


@shared_task(name="reporting.run_assessment", ignore_result=True)
def run_assessment(*, run_id: int, **_newer):
    from reporting.assessment import services  # noqa: PLC0415 -- leaf

    services.run_assessment(run_id=run_id, now=timezone.now())
