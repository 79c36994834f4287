"""Signed links that did not open, counted by reason and day (RDV-SP 2927): never by whom, nor which link.

Counted in the shared cache, as a page that is only looked at writes nothing; kept each night.
"""

from datetime import date, datetime, timedelta

from django.core.cache import caches
from django.db import transaction
from redis.exceptions import RedisError

from cep_portal.common.days import local_day
from operators.booking.agenda.models import LinkFailure

ALTERED, UNKNOWN, OVER = "ALTERED", "UNKNOWN", "OVER"
KEPT_IN_CACHE = timedelta(days=8)


def count(reason: str, *, now: datetime) -> None:
    """One more failure; a cache that is down loses a count, never a page."""
    name = _name(reason, local_day(now))
    try:
        cache = caches["default"]
        cache.add(name, 0, timeout=int(KEPT_IN_CACHE.total_seconds()))
        cache.incr(name)
    except (RedisError, OSError, ValueError):
        return


def _name(reason: str, day: date) -> str:
    return f"link-failures:{reason}:{day:%Y%m%d}"


@transaction.atomic
def keep(*, now: datetime) -> int:
    """Write the counts of the last seven whole days; returns how many failures. Safe to run twice."""
    today, total = local_day(now), 0
    for back in range(1, 8):
        day = today - timedelta(days=back)
        for reason in (ALTERED, UNKNOWN, OVER):
            found = caches["default"].get(_name(reason, day)) or 0
            if found:
                LinkFailure.objects.update_or_create(day=day, reason=reason, defaults={"count": found})
                total += found
    return total
