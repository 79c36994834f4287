"""What people lived: an adviser's slots are walked in time order, so nobody is ever in two places.

A slot goes to a follow-up that is due, else to a newcomer whose turn has come, else stays free.
"""

import heapq
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from cep_portal.demo.dataset.clock import DAY, EPOCH, day_number, offset_minutes
from cep_portal.demo.dataset.network import Staffed
from cep_portal.demo.dataset.people import Person
from cep_portal.demo.dataset.rows import Rows
from cep_portal.demo.dataset.scale import (
    ACCESS_NEEDS,
    MODES,
    NEEDS,
    SEASON,
    SESSIONS_LEVEL_ONE,
    SESSIONS_WITH_LEVEL_TWO,
    SITUATIONS,
    URGENCIES,
    Scale,
)

SESSION, BUFFER = 60, 15
FUTURE_DAYS = 40
SHOWN_LEAST = 2  # appointments of the named adviser on each day shown
CANCELLED_BY_PERSON, CANCELLED_BY_OPERATOR, GIVES_UP = 0.05, 0.012, 0.10


class Draw:
    """A weighted draw that costs one random number."""

    def __init__(self, weighted) -> None:
        self._values = [value for value, _ in weighted]
        self._bounds = list(accumulate(weight for _, weight in weighted))

    def __call__(self, rng: random.Random):
        return rng.choices(self._values, cum_weights=self._bounds)[0]


draw_situation, draw_need, draw_mode = Draw(SITUATIONS), Draw(NEEDS), Draw(MODES)
draw_access, draw_urgency = Draw(ACCESS_NEEDS), Draw(URGENCIES)
draw_short, draw_long = Draw(SESSIONS_LEVEL_ONE), Draw(SESSIONS_WITH_LEVEL_TWO)


def _by_weekday(openings: list[tuple[int, int, int]]) -> dict[int, list[tuple[int, int]]]:
    hours: dict[int, list[tuple[int, int]]] = {}
    for weekday, opens, closes in sorted(openings, key=lambda opening: opening[1:]):
        hours.setdefault(weekday, []).append((opens, closes))
    return hours


class History:
    """Walks every adviser from the first day of the scale to the end of the future agenda."""

    def __init__(self, scale: Scale, rows: Rows, holidays: dict[str, set[int]], now: int) -> None:
        self.scale, self.rows, self.holidays, self.now = scale, rows, holidays, now
        self.rng = random.Random(scale.seed + 1)
        self.first_day = day_number(scale.since)
        self.last_day = now // DAY + FUTURE_DAYS

    def walk(self, staffed: Staffed, entries_per_year: float, habits: dict[str, float]) -> None:
        """All of one adviser's people; `habits` are the contract's no-show share and waiting days."""
        away = self._absences(staffed)
        newcomers = self._arrivals(entries_per_year)
        waiting: list[tuple[int, int, Person]] = []
        ticket = 0
        for starts, is_wanted in self._slots(staffed, away):
            due = starts - DAY
            if waiting and waiting[0][0] <= due:
                person = heapq.heappop(waiting)[2]
            elif newcomers and newcomers[-1] * DAY <= starts:
                newcomers.pop()
                person = self._newcomer(staffed, starts, habits)
            elif is_wanted:
                person = self._newcomer(staffed, starts, habits)
            else:
                continue
            if starts > self.now and self.rng.random() < (starts - self.now - DAY) / DAY / FUTURE_DAYS:
                continue  # the far future is mostly free
            again = self._appointment(staffed, person, starts, habits)
            if again:
                ticket += 1
                heapq.heappush(waiting, (again, ticket, person))
        self.rows.flush_pathways()  # who still waits at the end keeps an open pathway

    def _slots(self, staffed: Staffed, away: list[tuple[int, int]]) -> Iterator[tuple[int, bool]]:
        """Each slot's start, and whether somebody must come: the first ones of each day that is shown."""
        off = self.holidays.get(staffed.department, set())
        usual, shown = _by_weekday(staffed.openings), _by_weekday(staffed.openings + staffed.shown_openings)
        for day in range(self.first_day, self.last_day + 1):
            is_shown = staffed.shown_from is not None and day >= staffed.shown_from
            if not is_shown and (day in off or any(a <= day < b for a, b in away)):
                continue
            weekday = (day + 3) % 7 + 1  # 1 January 1970 was a Thursday
            midnight = day * DAY - offset_minutes(staffed.site.zone, day)
            starts = [
                start
                for opens, closes in (shown if is_shown else usual).get(weekday, ())
                for start in range(midnight + opens, midnight + closes - SESSION + 1, SESSION + BUFFER)
            ]
            for place, start in enumerate(starts):
                yield start, is_shown and place < SHOWN_LEAST

    def _arrivals(self, per_year: float) -> list[int]:
        """The days on which a newcomer turns up, latest first, with the year's seasons."""
        days = []
        for day in range(self.first_day, self.last_day + 1):
            month = (EPOCH + timedelta(days=day)).month
            expected = per_year * SEASON[month - 1] / 365.25
            count = int(expected) + (self.rng.random() < expected % 1)
            days += [day] * count
        return days[::-1]

    def _absences(self, staffed: Staffed) -> list[tuple[int, int]]:
        away = []
        for year in range(self.scale.since.year, (EPOCH + timedelta(days=self.last_day)).year + 1):
            for first in (day_number(date(year, 8, 1)), day_number(date(year, 12, 22))):
                starts = first + self.rng.randrange(0, 12)
                away.append((starts, starts + self.rng.choice((7, 12))))
            starts = day_number(date(year, 2, 1)) + self.rng.randrange(0, 120)
            away.append((starts, starts + 5))
        if staffed.shown_from is not None:
            away = [(starts, ends) for starts, ends in away if ends <= staffed.shown_from]
        for starts, ends in away:
            offset = offset_minutes(staffed.site.zone, starts)
            self.rows.absence(staffed.adviser.pk, starts * DAY - offset, ends * DAY - offset)
        return away

    def _newcomer(self, staffed: Staffed, starts: int, habits: dict[str, float]) -> Person:
        rng = self.rng
        delay = 1 + int(rng.expovariate(1 / max(0.5, habits["waiting_days"] - 1)))
        asked = min(starts - DAY * min(delay, 60) + rng.randrange(-180, 180), starts - 120, self.now - 5)
        beneficiary = self.rows.beneficiary(asked)
        need = draw_need(rng)
        wish = need, "RESIGNATION" if need == "RESIGN_TO_RETRAIN" else draw_urgency(rng)
        request = self.rows.request(
            staffed, beneficiary, asked, draw_situation(rng), wish, draw_access(rng), starts <= self.now
        )
        return Person(beneficiary, request, self._levels(), draw_mode(rng), asked)

    def _levels(self) -> list[str]:
        """The levels of the sessions to come: no forced order, level 2 may come first."""
        rng = self.rng
        if rng.random() >= self.scale.level_two_share:
            return ["ONE"] * draw_short(rng)
        count = draw_long(rng)
        ones = rng.choice((0, 1, 1, 2))
        return ["ONE"] * ones + ["TWO"] * (count - ones)

    def _appointment(self, staffed: Staffed, person: Person, starts: int, habits: dict[str, float]) -> int:
        """Write one appointment and what came of it; returns when to come again, 0 for never."""
        rng, rows = self.rng, self.rows
        level = person.levels[person.done]
        booked = max(person.booked_from, starts - DAY * rng.randrange(1, 25))
        if starts + SESSION > self.now:
            rows.appointment(staffed, person, starts, level, "BOOKED", min(booked, self.now))
            return 0
        luck = rng.random()
        if luck < CANCELLED_BY_PERSON + CANCELLED_BY_OPERATOR:
            by = "PERSON" if luck < CANCELLED_BY_PERSON else "OPERATOR"
            rows.appointment(staffed, person, starts, level, "CANCELLED", booked, cancelled_by=by)
        elif luck < CANCELLED_BY_PERSON + CANCELLED_BY_OPERATOR + habits["no_show_share"]:
            rows.appointment(staffed, person, starts, level, "NO_SHOW", booked)
        elif starts > self.now - 6 * DAY and rng.random() < 0.3:
            rows.appointment(staffed, person, starts, level, "BOOKED", booked)  # still to be logged
            return 0
        else:
            return self._session(staffed, person, starts, level, booked)
        if rng.random() < GIVES_UP:
            return 0
        return starts + DAY * rng.randrange(3, 15)

    def _session(self, staffed: Staffed, person: Person, starts: int, level: str, booked: int) -> int:
        rng, rows = self.rng, self.rows
        appointment = rows.appointment(staffed, person, starts, level, "ATTENDED", booked)
        person.done += 1
        person.reached_two |= level == "TWO"
        person.booked_from = starts
        if not person.pathway:
            person.pathway = rows.open_pathway(staffed, person, starts)
        last = person.done == len(person.levels)
        drops = not last and rng.random() < 0.02
        rows.session(staffed, person, appointment, starts, level, closes=last, late=self._lateness(starts))
        if last:
            rows.close_pathway(person, starts + 70, rng, reached_two=person.reached_two)
            return 0
        return 0 if drops else starts + DAY * rng.randrange(12, 36)

    def _lateness(self, starts: int) -> int:
        """Minutes between a session and its log, beyond an ordinary evening; 0 for most."""
        scale, rng = self.scale, self.rng
        if not scale.late_share:
            return 0
        day = EPOCH + timedelta(days=starts // DAY)
        if scale.late_month and (day.year, day.month) == (scale.late_month.year, scale.late_month.month):
            return rng.choice((0, 0, 33, 36, 40)) * DAY
        return rng.randrange(3, 9) * DAY if rng.random() < scale.late_share else 0
