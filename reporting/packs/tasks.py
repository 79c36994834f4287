from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from reporting.packs import services


@shared_task(name=TaskName.BUILD_PACK, ignore_result=True)
def build_pack(*, pack_id: int, **_newer: object) -> None:
    services.build_asked_pack(pack_id=pack_id, now=timezone.now())
