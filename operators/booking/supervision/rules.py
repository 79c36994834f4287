from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cep_portal.accounts.enums import Role

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
    return now.astimezone(ZoneInfo(zone)).hour in NIGHT


def local_day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def measured(starts: Iterable[datetime], *, zone: str, on: date) -> Measure:
    """Count the hours at which one may come, each once, and the local days to the first three."""
    here = ZoneInfo(zone)
    local = sorted({start.astimezone(here) for start in starts})
    first = local[:3]
    return Measure(
        instants=tuple(first),
        days=tuple((start.date() - on).days for start in first),
        free=len(local),
        before_9=sum(start.hour < 9 for start in local),
        lunch=sum(start.hour in LUNCH for start in local),
        after_18=sum(start.hour >= 18 for start in local),
        saturday=sum(start.isoweekday() == SATURDAY for start in local),
    )


def monday_of(instant: datetime, zone: str) -> date:
    day = local_day(instant, zone)
    return day - timedelta(days=day.weekday())


def can_see_capacity(user) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_watch_supply(user) -> bool:
    """France compétences reads delays and requests by contract."""
    return user.role in Role.of_france_competences
