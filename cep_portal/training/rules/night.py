"""What the scheduler would have done while the clock was moved: the same schedule, hour after hour."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from celery.schedules import crontab

from cep_portal.common.days import local

HOUR = timedelta(hours=1)
SWEPT_EVERY, SWEPT_AT = 3, 50  # hours, minute: what runs every few minutes runs at 0:50, 3:50, 6:50…


def due_tasks(
    *, start: datetime, end: datetime, schedule: Mapping[str, dict]
) -> Iterator[tuple[datetime, tuple[str, ...]]]:
    """The instants after `start` and until `end` at which tasks fall due, with their names, in time order."""
    hour = start.replace(minute=0, second=0, microsecond=0)
    while hour <= end:
        for instant, names in sorted(_in_hour(hour, schedule).items()):
            if start < instant <= end:
                yield instant, tuple(sorted(names))
        hour += HOUR


def _in_hour(hour: datetime, schedule: Mapping[str, dict]) -> dict[datetime, list[str]]:
    found = defaultdict(list)
    here = local(hour)
    for entry in schedule.values():
        when = entry["schedule"]
        if not isinstance(when, crontab) or len(when.minute) > 1:
            minute = SWEPT_AT if here.hour % SWEPT_EVERY == 0 else None
        else:
            minute = min(when.minute) if _matches(when, here) else None
        if minute is not None:
            found[hour + timedelta(minutes=minute)].append(entry["task"])
    return found


def _matches(when: crontab, here: datetime) -> bool:
    return (
        here.hour in when.hour
        and here.day in when.day_of_month
        and here.month in when.month_of_year
        and here.isoweekday() % 7 in when.day_of_week
    )
