from celery import shared_task
from django.utils import timezone


@shared_task(name="reporting.build_pack", ignore_result=True)
def build_pack(*, pack_id: int, **_newer):
    from reporting.packs import services  # noqa: PLC0415 -- leaf
    from reporting.packs.models import RegionalPack  # noqa: PLC0415 -- leaf

    services.build_pack(pack=RegionalPack.objects.get(pk=pack_id), now=timezone.now())
