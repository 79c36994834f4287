"""The words of a message, written by the worker from what the act said (ADR 0048)."""

import logging
from datetime import datetime

from django.db import transaction

from cep_portal.messaging import hooks
from cep_portal.messaging.enums import MessageChannel, Withdrawn
from cep_portal.messaging.hooks import Letter, News, Words
from cep_portal.messaging.models import Message
from cep_portal.messaging.services.outbox import checked_sms, words_columns

logger = logging.getLogger(__name__)


class NotComposed(Exception):
    """The composer failed: the message is tried again, as when a server is away."""


class Void(Exception):
    """The message shall not leave; `reason` is a Withdrawn."""

    def __init__(self, reason: Withdrawn) -> None:
        super().__init__(reason)
        self.reason = reason


def compose(message: Message, *, now: datetime) -> list[str]:
    """Put on a message that has no words yet those of its news, unsaved; returns the columns filled.

    Raises Void when what it speaks of is gone, NotComposed when the composer failed, ValueError when an SMS
    or a column cannot hold these words.
    """
    if message.body:
        return []
    words = _written(message, now=now)
    if words is None:
        raise Void(Withdrawn.NOTHING_LEFT)
    if not words.body.strip():
        raise NotComposed(f"{message.news}: not a word")
    columns = words_columns(words)
    if message.channel == MessageChannel.SMS:
        columns = {"body": checked_sms(words.body)}
    for name, value in columns.items():
        longest = getattr(Message._meta.get_field(name), "max_length", None)
        if longest is not None and len(value) > longest:
            raise ValueError(f"{name}: too long")
        setattr(message, name, value)
    return list(columns)


def _written(message: Message, *, now: datetime) -> Words | None:
    """What the composer says. Its failure is kept in the journal of errors; the row names the type alone."""
    try:
        with transaction.atomic():  # a query refused leaves the message's own transaction whole
            return hooks.written(_letter(message, now=now))
    except Exception as failure:
        logger.exception("words of message %s (%s) not written", message.pk, message.news)
        raise NotComposed(f"{message.news}: {type(failure).__name__}") from failure


def _letter(message: Message, *, now: datetime) -> Letter:
    if message.news_uuid is None:
        raise ValueError("a message without words has news")
    return Letter(
        news=News(message.news, message.news_uuid, message.facts),
        version=message.about_version,
        channel=message.channel,
        recipient=message.recipient,
        written_at=message.created_at,
        now=now,
    )
