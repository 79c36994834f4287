"""The outbox: written with the act, sent after it, checked each morning."""

from cep_portal.messaging.services.housekeeping import forget_texts
from cep_portal.messaging.services.monitor import check_morning
from cep_portal.messaging.services.outbox import (
    DEFAULT_LIFETIME,
    About,
    Attachment,
    enqueue_message,
    enqueue_sms,
)
from cep_portal.messaging.services.sending import note_delivery, send_due_messages, send_message

__all__ = [
    "DEFAULT_LIFETIME",
    "About",
    "Attachment",
    "check_morning",
    "enqueue_message",
    "enqueue_sms",
    "forget_texts",
    "note_delivery",
    "send_due_messages",
    "send_message",
]
