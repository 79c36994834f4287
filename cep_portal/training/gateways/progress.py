"""How far the rebuilding of the place is: outside the database, whose tables are locked meanwhile."""

import time
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

KEY = "training:rebuilding"
LONGEST = 600  # seconds after which nobody is made to wait any more
USUAL = 45  # seconds that it takes: the bar is measured against it


@dataclass(frozen=True)
class Rebuilding:
    text: str
    percent: int


def begin() -> None:
    cache.set(KEY, (time.time(), "Les tables se vident"), timeout=LONGEST)


def tell(text: str) -> None:
    """Say which part is being built."""
    found = cache.get(KEY)
    if found is not None:
        cache.set(KEY, (found[0], text), timeout=LONGEST)


def end() -> None:
    cache.delete(KEY)


def rebuilding() -> Rebuilding | None:
    """What is being rebuilt now; None when the place is open, or when the cache does not answer."""
    try:
        found = cache.get(KEY)
    except (RedisError, OSError):
        return None
    if found is None:
        return None
    begun, text = found
    return Rebuilding(text, min(95, int(100 * (time.time() - begun) / USUAL)))
