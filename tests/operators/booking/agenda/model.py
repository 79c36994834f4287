"""Free slots by brute force, in plain Python: what the SQL must equal. One hour at a time, no set algebra."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Period = tuple[datetime, datetime]


@dataclass
class Opened:
    """An opening rule; `changed` holds the days with other hours, None when closed."""

    key: int
    adviser: int
    second: int | None
    weekday: int
    opens: time
    closes: time
    every_weeks: int
    first_on: date
    last_on: date | None
    session: int
    pause: int
    changed: dict[date, tuple[time, time] | None] = field(default_factory=dict)


@dataclass
class Regular:
    adviser: int
    weekday: int
    starts: time
    ends: time
    every_weeks: int
    first_on: date


@dataclass
class Agenda:
    """One site: what is open, away, closed, taken. `taken` and `away` are periods by adviser."""

    zone: str = "Europe/Paris"
    openings: list[Opened] = field(default_factory=list)
    away: list[tuple[int, Period]] = field(default_factory=list)
    regular: list[Regular] = field(default_factory=list)
    closed: list[tuple[date, date]] = field(default_factory=list)
    holidays: set[date] = field(default_factory=set)
    taken: dict[object, tuple[tuple[int, ...], Period]] = field(default_factory=dict)
    most: dict[int, int] = field(default_factory=dict)

    def instant(self, day: date, hour: time) -> datetime:
        # as PostgreSQL reads a local time: the second of two, and on in the hour that does not exist
        local = datetime.combine(day, hour, ZoneInfo(self.zone))
        return local.replace(fold=int(self._twice(day, hour))).astimezone(UTC)

    def _twice(self, day: date, hour: time) -> bool:
        local = datetime.combine(day, hour, ZoneInfo(self.zone))
        return local.utcoffset() > local.replace(fold=1).utcoffset()

    def free(self, first: date, last: date, *, earliest: datetime, latest: datetime) -> set[tuple]:
        """(start, adviser, second) of each slot that may be held, on local days, both included."""
        offered = set()
        for opened in self.openings:
            day = first
            while day <= last:
                for start in self._starts(opened, day):
                    if earliest <= start < latest and self._both_free(opened, start):
                        offered.add((start, opened.adviser, opened.second))
                day += timedelta(days=1)
        return offered

    def _starts(self, opened: Opened, day: date) -> list[datetime]:
        hours = opened.changed.get(day, (opened.opens, opened.closes))
        if (
            not _falls(opened, day)
            or (opened.last_on is not None and day > opened.last_on)
            or day in self.holidays
            or any(start <= day <= end for start, end in self.closed)
            or hours is None
        ):
            return []
        starts, start = [], self.instant(day, hours[0])
        while start + timedelta(minutes=opened.session) <= self.instant(day, hours[1]):
            starts.append(start)
            start += timedelta(minutes=opened.session + opened.pause)
        return starts

    def _both_free(self, opened: Opened, start: datetime) -> bool:
        end = start + timedelta(minutes=opened.session)
        busy_until = end + timedelta(minutes=opened.pause)
        return all(
            self._is_free(member, start, end, busy_until)
            for member in (opened.adviser, opened.second)
            if member is not None
        )

    def _is_free(self, member: int, start: datetime, end: datetime, busy_until: datetime) -> bool:
        times = [period for people, period in self.taken.values() if member in people]
        if any(_meet((start, busy_until), period) for period in times):
            return False
        if any(who == member and _meet((start, end), period) for who, period in self.away):
            return False
        if any(_meet((start, end), period) for period in self._regular_of(member, start)):
            return False
        today = [begin for begin, _ in times if self.day(begin) == self.day(start)]
        return member not in self.most or len(today) < self.most[member]

    def day(self, instant: datetime) -> date:
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def _regular_of(self, member: int, start: datetime) -> list[Period]:
        near = [start.astimezone(ZoneInfo(self.zone)).date() + timedelta(days=n) for n in (-1, 0, 1)]
        return [
            (self.instant(day, absence.starts), self.instant(day, absence.ends))
            for absence in self.regular
            if absence.adviser == member
            for day in near
            if _falls(absence, day)
        ]


def _meet(period: Period, other: Period) -> bool:
    """Half-open: periods that touch do not meet, an empty one meets nothing."""
    return max(period[0], other[0]) < min(period[1], other[1])


def _falls(opened: Opened | Regular, day: date) -> bool:
    first = opened.first_on
    while first.isoweekday() != opened.weekday:
        first += timedelta(days=1)
    return day >= first and (day - first).days % (7 * opened.every_weeks) == 0
