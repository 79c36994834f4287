"""Lines sent by an operator's software: the sending of the page, under a key bound to the whole call."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.deliveries.services import send_delivery
from operators.exchange.software import rules
from operators.exchange.software.errors import KeyReused
from operators.exchange.software.models import ApiClient
from operators.exchange.software.services.keys import KEY_OLD, is_first_use


@transaction.atomic
def send_by_software(
    *,
    client: ApiClient,
    key: rules.Key,
    file_name: str,
    pieces: Iterable[bytes],
    is_trial: bool,
    now: datetime,
) -> tuple[DataDelivery, bool]:
    """Send lines to be read; False when the key had sent them.

    Raises KeyReused and what send_delivery raises.
    """
    delivery_key = rules.key_of(client, key.text, "delivery")
    is_new = is_first_use(client=client, key=key, now=now)
    known = DataDelivery.objects.filter(idempotency_key=delivery_key).first()
    if known is not None:
        if is_new:  # the trace of what it came with is forgotten
            raise KeyReused(KEY_OLD)
        return known, False
    return send_delivery(
        organisation=client.organisation,
        file_name=file_name,
        pieces=pieces,
        is_trial=is_trial,
        by=None,
        software=client.name,
        key=delivery_key,
        now=now,
    )
