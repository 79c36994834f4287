from celery import shared_task
from django.utils import timezone


@shared_task(name="beneficiaries.build_export", ignore_result=True)
def build_export(*, export_id: int, **_newer):
    from beneficiaries.rights import services  # noqa: PLC0415 -- leaf

    services.build_export(export_id=export_id, now=timezone.now())


@shared_task(name="beneficiaries.withdraw_exports", ignore_result=True)
def withdraw_exports(**_newer):
    """Destroy the copies that are over. Safe to run twice."""
    from beneficiaries.rights import services  # noqa: PLC0415 -- leaf

    services.withdraw_exports(now=timezone.now())


@shared_task(name="beneficiaries.purge_people", ignore_result=True)
def purge_people(**_newer):
    """Warn, then erase, who had no contact for the whole retention. Safe to run twice."""
    from beneficiaries.rights import services  # noqa: PLC0415 -- leaf

    services.purge_people(now=timezone.now())
