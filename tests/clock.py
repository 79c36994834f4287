"""One clock for every test: the present is pinned, for Python and for all it runs.

* Every test runs at `present()`: Monday 23 November 2026, ten o'clock in Paris. The clock stands still, so
  that two readings are equal; it runs from there in races and journeys, whose threads and processes wait.
* `@pytest.mark.at("2026-12-01 09:00")` gives a test, or a file, its own hour of Paris: dates are its subject.
* `clock.move_to(instant)` is another hour in the middle of a test.
* `PORTAL_TEST_AT="2027-03-28 10:00"` is another present for all, `PORTAL_TEST_LATER=400` the same hour so
  many days later; neither moves a test that has its own hour.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

PARIS = ZoneInfo("Europe/Paris")
USUAL = "2026-11-23 10:00"
RUNNING = ("race", "journey", "browser")


def paris(text: str) -> datetime:
    """`paris("2026-11-30 09:00")`: nine o'clock there, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def present() -> datetime:
    """The instant at which tests run, unless they ask for their own."""
    usual = paris(os.environ.get("PORTAL_TEST_AT", USUAL)).astimezone(PARIS)
    return (usual + timedelta(days=int(os.environ.get("PORTAL_TEST_LATER", "0")))).astimezone(UTC)


def instant_of(item: pytest.Item) -> datetime:
    asked = item.get_closest_marker("at")
    return paris(*asked.args) if asked else present()


def is_running(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in RUNNING)


def pytest_configure(config: pytest.Config) -> None:
    """Files of tests are read at the present too: a date made as one is imported is a test's date."""
    reading = time_machine.travel(present(), tick=False)
    reading.start()
    config.add_cleanup(reading.stop)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Around the whole test, so that no fixture reads another clock, whatever its scope."""
    with time_machine.travel(instant_of(item), tick=is_running(item)) as traveller:
        item.stash[TRAVELLER] = traveller
        return (yield)


TRAVELLER = pytest.StashKey[time_machine.Traveller]()


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> time_machine.Traveller:
    """The clock of this test: `clock.move_to(instant)`, `clock.shift(timedelta)`."""
    return request.node.stash[TRAVELLER]
