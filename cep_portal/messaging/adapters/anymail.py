"""What anymail says of an e-mail, in one vocabulary for all providers, goes where SMS go."""

from typing import Any

from django.utils import timezone

from cep_portal.messaging import services

DELIVERED = {"delivered"}
UNDELIVERED = {"rejected", "failed", "bounced"}  # opened and clicked are never asked for, nor kept


def note_email_event(*, event: Any, **_facts: object) -> None:
    if event.event_type in DELIVERED | UNDELIVERED and event.message_id:
        services.note_delivery(
            carrier_id=event.message_id,
            delivered=event.event_type in DELIVERED,
            reason=event.reject_reason or "",
            now=timezone.now(),
        )
