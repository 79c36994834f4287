from celery import shared_task
from django.utils import timezone

from cep_portal.common.task_names import TaskName
from operators.booking.demand import services
from procurement.contracts.models import Contract


@shared_task(name=TaskName.OFFER_FREE_SLOTS, ignore_result=True)
def offer_free_slots(*, contract_id: int, **_newer: object) -> None:
    """Offer what is free under one contract. Safe to run twice."""
    services.offer_free_slots(contract=Contract.objects.get(pk=contract_id), now=timezone.now())


@shared_task(name=TaskName.PASS_OFFERS, ignore_result=True)
def pass_offers(**_newer: object) -> None:
    """Close the offers that are over, then offer what is free everywhere. Safe to run twice."""
    now = timezone.now()
    services.settle_offers(now=now)
    services.offer_all(now=now)


@shared_task(name=TaskName.FORGET_CALLS, ignore_result=True)
def forget_calls(**_newer: object) -> None:
    """Blank the names and numbers of old call-backs. Safe to run twice."""
    services.forget_calls(now=timezone.now())
