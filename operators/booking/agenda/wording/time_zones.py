"""The VTIMEZONE of a zone, from the transitions of the time zone database (RFC 5545, 3.6.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from cep_portal.common.days import local

FIRST_KNOWN = datetime(1900, 1, 1, tzinfo=UTC)
STEP = timedelta(days=7)  # no French zone ever changed its clock twice within a week
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Onset:
    """An instant at which a zone begins to keep a time."""

    at: datetime
    before: timedelta
    after: timedelta
    is_daylight: bool
    name: str

    @property
    def wall(self) -> datetime:
        """The hour that clocks showed until then: RFC 5545 counts DTSTART and RDATE in the offset before."""
        return (self.at + self.before).replace(tzinfo=None)


@cache
def time_zone(zone: str, first_year: int, last_year: int) -> Timezone:
    """The component that gives the offset of every instant of these years, both included.

    icalendar's own `from_tzid` writes the onset of summer time in the offset after it: an hour late.
    """
    starts, ends = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", zone)
    kinds: dict[tuple, list[Onset]] = {}
    for onset in [_in_force(zone, starts), *_onsets(zone, starts, ends)]:
        kinds.setdefault((onset.is_daylight, onset.before, onset.after, onset.name), []).append(onset)
    for (is_daylight, before, after, name), (first, *others) in kinds.items():
        rule = TimezoneDaylight() if is_daylight else TimezoneStandard()
        rule.add("dtstart", first.wall)
        if others:
            rule.add("rdate", [onset.wall for onset in others])
        rule.add("tzname", name)
        rule.add("tzoffsetfrom", before)
        rule.add("tzoffsetto", after)
        component.add_component(rule)
    return component


def _in_force(zone: str, instant: datetime) -> Onset:
    """The onset of the time kept at an instant; since 1900 in a zone that never changed."""
    end = instant
    while end > FIRST_KNOWN:
        start = end - STEP
        if _kept(zone, start) != _kept(zone, end):
            return _between(zone, start, end)
        end = start
    return _onset(zone, FIRST_KNOWN)


def _onsets(zone: str, starts: datetime, ends: datetime) -> Iterator[Onset]:
    while starts < ends:
        end = min(starts + STEP, ends)
        if _kept(zone, starts) != _kept(zone, end):
            yield _between(zone, starts, end)
        starts = end


def _between(zone: str, start: datetime, end: datetime) -> Onset:
    """The one change between two instants, to the second."""
    former = _kept(zone, start)
    while end - start > SECOND:
        middle = start + (end - start) // 2
        middle = middle.replace(microsecond=0)
        start, end = (middle, end) if _kept(zone, middle) == former else (start, middle)
    return _onset(zone, end)


def _onset(zone: str, at: datetime) -> Onset:
    before, _, _ = _kept(zone, at - SECOND)
    after, saving, name = _kept(zone, at)
    return Onset(at, before, after, bool(saving), name)


def _kept(zone: str, at: datetime) -> tuple[timedelta, timedelta, str]:
    """The offset, the part of it that is summer time, and the name of the time kept at an instant."""
    there = local(at, zone)
    return there.utcoffset() or timedelta(), there.dst() or timedelta(), there.tzname() or zone
