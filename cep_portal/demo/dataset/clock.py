"""Instants as whole minutes since 1970 (UTC): the simulation never builds a datetime."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from cep_portal.common.days import PARIS

EPOCH = date(1970, 1, 1)
DAY = 1440
_HOURS = [f"{minute // 60:02d}:{minute % 60:02d}:00+00" for minute in range(DAY)]


def start_of(day: date) -> datetime:
    """The instant that everything is built up to: a day's first in Paris, whatever the hour of the build."""
    return datetime.combine(day, time(), ZoneInfo(PARIS))


def to_minutes(instant: datetime) -> int:
    return int(instant.timestamp() // 60)


@cache
def day_number(day: date) -> int:
    return (day - EPOCH).days


@cache
def day_text(number: int) -> str:
    return (EPOCH + timedelta(days=number)).isoformat()


@cache
def offset_minutes(zone: str, number: int) -> int:
    """Minutes that local noon is ahead of UTC: clocks change at night, opening hours are by day."""
    noon = datetime.combine(EPOCH + timedelta(days=number), time(12), ZoneInfo(zone))
    return int(noon.utcoffset().total_seconds() // 60)


def instant(minutes: int) -> str:
    """The instant as COPY reads it."""
    return f"{day_text(minutes // DAY)} {_HOURS[minutes % DAY]}"


def period(starts: int, ends: int) -> str:
    return f'["{instant(starts)}","{instant(ends)}")'
