"""The outbox: told with the act, written out and sent after it, checked each morning."""

from cep_portal.messaging.hooks import About, Attachment, Letter, News, Words
from cep_portal.messaging.services.composing import NotComposed, Void, compose
from cep_portal.messaging.services.housekeeping import forget_texts
from cep_portal.messaging.services.monitor import check_morning
from cep_portal.messaging.services.outbox import (
    DEFAULT_LIFETIME,
    enqueue_message,
    enqueue_news,
    enqueue_sms,
)
from cep_portal.messaging.services.sending import note_delivery, send_due_messages, send_message

__all__ = [
    "DEFAULT_LIFETIME",
    "About",
    "Attachment",
    "Letter",
    "News",
    "NotComposed",
    "Void",
    "Words",
    "check_morning",
    "compose",
    "enqueue_message",
    "enqueue_news",
    "enqueue_sms",
    "forget_texts",
    "note_delivery",
    "send_due_messages",
    "send_message",
]
