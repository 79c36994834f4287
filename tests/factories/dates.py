"""Dates that a factory writes by default, beside the present of the test that makes the row."""

import factory

from tests.clock import moved, moved_day


def instant(usual: str) -> factory.LazyFunction:
    """`instant("2026-11-20 10:00")`, read when the row is made."""
    return factory.LazyFunction(lambda: moved(usual))


def on_day(usual: str) -> factory.LazyFunction:
    return factory.LazyFunction(lambda: moved_day(usual))
