from datetime import timedelta

from operators.exchange.software.rules import can_manage_integrations as can_manage_webhooks
from operators.exchange.webhooks.enums import EventKind

__all__ = ["can_manage_webhooks"]

# What is waited after each failed try, before up to a fifth more: eight tries over some three days.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=20),
    timedelta(hours=40),
)
JITTER = 0.2  # so that a receiver that comes back is not met by all at once
LEASE = timedelta(minutes=2)  # a worker that says nothing for so long is lost; a try lasts 30 s at most
AT_ONCE = 4  # tries under way for one subscription
AT_ONCE_FAILING = 1  # a receiver that hangs never holds more than one worker
HANDED = 100  # messages of one subscription given to the queue by one sweep
HANDED_FOR = timedelta(minutes=1)
MOST_SUBSCRIPTIONS = 10  # an organisation's, ended ones left out
BOTH_SECRETS = timedelta(hours=24)  # after a rotation the former secret signs too


def tries_of(kind: str) -> int:
    """How many times a message is tried before it is given up; a test answers at once, well or badly."""
    return 1 if kind == EventKind.TEST else len(PAUSES) + 1


def pause_after(tried: int, *, draw: float) -> timedelta:
    """What is waited after the nth try; `draw`, from 0 to 1, spreads it."""
    return PAUSES[tried - 1] * (1 + JITTER * draw)
