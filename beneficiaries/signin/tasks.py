from celery import shared_task
from django.utils import timezone

from beneficiaries.signin import services
from cep_portal.common.task_names import TaskName


@shared_task(name=TaskName.FORGET_SIGN_IN_CODES, ignore_result=True)
def forget_sign_in_codes(**_newer: object) -> None:
    """Forget what was typed to sign in. Safe to run twice."""
    services.forget_sign_in_codes(now=timezone.now())
