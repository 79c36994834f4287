"""The days on which something repeats every n weeks, as free_slots unfolds it: local days, no clock."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import gcd
from typing import Protocol


class Repeating(Protocol):
    """A rule of opening or a regular absence."""

    weekday: int
    every_weeks: int
    first_on: date
    last_on: date | None


def origin(repeating: Repeating) -> date:
    """The first day it happens: its week day on or after its first day."""
    return repeating.first_on + timedelta(days=(repeating.weekday - repeating.first_on.isoweekday()) % 7)


def falls_on(repeating: Repeating, day: date) -> bool:
    first = origin(repeating)
    return (
        first <= day
        and (repeating.last_on is None or day <= repeating.last_on)
        and (day - first).days % period(repeating) == 0
    )


def period(repeating: Repeating) -> int:
    return 7 * repeating.every_weeks


def days(repeating: Repeating, first_on: date, last_on: date) -> Iterator[date]:
    """Its days from `first_on` to `last_on`, both included."""
    day, step = origin(repeating), timedelta(days=period(repeating))
    if day < first_on:
        day += step * -((day - first_on).days // period(repeating))
    last = last_on if repeating.last_on is None else min(last_on, repeating.last_on)
    while day <= last:
        yield day
        day += step


def ever_together(repeating: Repeating, other: Repeating) -> bool:
    """Whether the two share a day, now or later; the hours are the caller's."""
    if repeating.weekday != other.weekday or (origin(other) - origin(repeating)).days % gcd(
        period(repeating), period(other)
    ):
        return False
    first = max(origin(repeating), origin(other))
    ends = [last for last in (repeating.last_on, other.last_on) if last is not None]
    if not ends:
        return True
    return any(falls_on(other, day) for day in days(repeating, first, min(ends)))
