from celery import shared_task
from django.utils import timezone


@shared_task(name="reporting.build_pack", ignore_result=True)
def build_pack(*, pack_id: int, **_newer):
    from reporting.packs import services  # noqa: PLC0415 -- leaf

    services.build_asked_pack(pack_id=pack_id, now=timezone.now())
