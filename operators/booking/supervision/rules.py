from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import local

NIGHT = range(3, 6)  # local hours of a measure: clocks have changed, nobody books yet
LUNCH = range(12, 14)
SATURDAY = 6


@dataclass(frozen=True)
class Measure:
    """What the free hours of a site amount to, seen from a local day."""

    instants: tuple[datetime, ...]  # the first three
    days: tuple[int, ...]
    free: int
    before_9: int
    lunch: int
    after_18: int
    saturday: int


def is_night(now: datetime, zone: str) -> bool:
    return local(now, zone).hour in NIGHT


def measured(starts: Iterable[datetime], *, zone: str, on: date) -> Measure:
    """Count the hours at which one may come, each once, and the local days to the first three."""
    here = sorted({local(start, zone) for start in starts})
    first = here[:3]
    return Measure(
        instants=tuple(first),
        days=tuple((start.date() - on).days for start in first),
        free=len(here),
        before_9=sum(start.hour < 9 for start in here),
        lunch=sum(start.hour in LUNCH for start in here),
        after_18=sum(start.hour >= 18 for start in here),
        saturday=sum(start.isoweekday() == SATURDAY for start in here),
    )


def can_see_capacity(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_watch_supply(user: User) -> bool:
    """France compétences reads delays and requests by contract."""
    return user.role in Role.of_france_competences
