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


def origin(one: Repeating) -> date:
    """The first day it happens: its week day on or after its first day."""
    return one.first_on + timedelta(days=(one.weekday - one.first_on.isoweekday()) % 7)


def falls_on(one: Repeating, day: date) -> bool:
    first = origin(one)
    return (
        first <= day and (one.last_on is None or day <= one.last_on) and (day - first).days % period(one) == 0
    )


def period(one: Repeating) -> int:
    return 7 * one.every_weeks


def days(one: Repeating, first_on: date, last_on: date) -> Iterator[date]:
    """Its days from `first_on` to `last_on`, both included."""
    day, step = origin(one), timedelta(days=period(one))
    if day < first_on:
        day += step * -((day - first_on).days // period(one))
    last = last_on if one.last_on is None else min(last_on, one.last_on)
    while day <= last:
        yield day
        day += step


def ever_together(one: Repeating, other: Repeating) -> bool:
    """Whether the two share a day, now or later; the hours are the caller's."""
    if one.weekday != other.weekday or (origin(other) - origin(one)).days % gcd(period(one), period(other)):
        return False
    first = max(origin(one), origin(other))
    ends = [last for last in (one.last_on, other.last_on) if last is not None]
    if not ends:
        return True
    return any(falls_on(other, day) for day in days(one, first, min(ends)))
