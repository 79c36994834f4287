from celery import shared_task
from django.db import transaction
from django.utils import timezone


def match_on_commit(*, contract_id: int) -> None:
    """Serve the list once the act that freed a slot is written; the sweep does it if the broker is down."""
    transaction.on_commit(lambda: offer_free_slots.delay(contract_id=contract_id), robust=True)


@shared_task(name="operators.offer_free_slots", ignore_result=True)
def offer_free_slots(*, contract_id: int, **_newer):
    """Offer what is free under one contract. Safe to run twice."""
    from operators.booking.demand import services  # noqa: PLC0415 -- leaf
    from procurement.contracts.models import Contract  # noqa: PLC0415 -- leaf

    services.offer_free_slots(contract=Contract.objects.get(pk=contract_id), now=timezone.now())


@shared_task(name="operators.pass_offers", ignore_result=True)
def pass_offers(**_newer):
    """Close the offers that are over, then offer what is free everywhere. Safe to run twice."""
    from operators.booking.demand import services  # noqa: PLC0415 -- leaf

    now = timezone.now()
    services.settle_offers(now=now)
    services.offer_all(now=now)


@shared_task(name="operators.forget_calls", ignore_result=True)
def forget_calls(**_newer):
    """Blank the names and numbers of old call-backs. Safe to run twice."""
    from operators.booking.demand import services  # noqa: PLC0415 -- leaf

    services.forget_calls(now=timezone.now())
