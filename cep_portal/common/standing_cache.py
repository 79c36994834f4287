"""Valkey, and PostgreSQL while Valkey is away: what is counted stays counted, by all workers together."""

import logging
from collections.abc import Callable
from functools import partialmethod
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from cep_portal.common.breaker import Breaker
from cep_portal.common.spare_cache import SpareCache

AWAY_SECONDS = 5.0
ANSWER_SECONDS = 0.4

logger = logging.getLogger(__name__)
_breakers: dict[str, Breaker] = {}  # by address: Django makes one cache a thread


class StandingCache(BaseCache):
    """A cache that does not fail: unanswered for ANSWER_SECONDS, AWAY_SECONDS are PostgreSQL's."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS}
        self.valkey = RedisCache(location, params | {"OPTIONS": options})
        self.spare = SpareCache("", params)
        self.breaker = _breakers.setdefault(location, Breaker(seconds=AWAY_SECONDS))

    def _asked(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if not self.breaker.is_away:
            try:
                return getattr(self.valkey, name)(*args, **kwargs)
            except (RedisError, OSError) as failure:
                self.breaker.trip()
                logger.warning("The cache is away (%s): PostgreSQL keeps its entries meanwhile", failure)
        spare: Callable[..., Any] = getattr(self.spare, name)
        return spare(*args, **kwargs)

    add = partialmethod(_asked, "add")
    get = partialmethod(_asked, "get")
    set = partialmethod(_asked, "set")
    touch = partialmethod(_asked, "touch")
    delete = partialmethod(_asked, "delete")
    incr = partialmethod(_asked, "incr")
    clear = partialmethod(_asked, "clear")
