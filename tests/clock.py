"""One clock for every test: the present is pinned, for Python and for all it runs.

* Every test runs at `present()`: Monday 23 November 2026, ten o'clock in Paris. The clock stands still, so
  that two readings are equal; it runs from there in races and journeys, whose threads and processes wait.
* `clock.move_to(instant)` is another hour in the middle of a test.
* `PORTAL_TEST_AT="2028-02-29 10:00"` is another present for all, `PORTAL_TEST_LATER=400` the same hour so
  many days later. Dates beside the present follow it: `moved("2026-11-30 09:00")`, and what factories write.
* `@pytest.mark.at("2026-12-01 09:00")` gives a test, or a file, its own hour of Paris; `@pytest.mark.dated`
  keeps the usual one: written dates are its subject (a law, a worked figure, a printed page). It never moves,
  so a replay at another present leaves it out: it would be the same run.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
import time_machine

from cep_portal.common.days import PARIS, local, local_day, monday_of

USUAL = "2026-11-23 10:00"
RUNNING = ("race", "journey", "browser")
TRAVELLER = pytest.StashKey[time_machine.Traveller]()


def wall(text: str, zone: str = PARIS) -> datetime:
    """`wall("2026-11-30 09:00")`: nine o'clock there, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def present() -> datetime:
    """The instant at which tests run, unless they ask for their own."""
    asked = local(wall(os.environ.get("PORTAL_TEST_AT", USUAL)))
    return (asked + timedelta(days=int(os.environ.get("PORTAL_TEST_LATER", "0")))).astimezone(UTC)


_began = [present()]  # where the test under way started


def weeks_moved() -> timedelta:
    """From the usual week to the week of this test."""
    return monday_of(local_day(_began[0])) - monday_of(local_day(wall(USUAL)))


def moved(usual: str, zone: str = PARIS) -> datetime:
    """The instant that is to this present what `usual` is to the usual one: its hour, its day of the week.

    The past stays past and a day of a later week stays to come, whatever the day of the present.
    """
    return wall(str(datetime.fromisoformat(usual) + weeks_moved()), zone)


def moved_day(usual: str) -> date:
    return date.fromisoformat(usual) + weeks_moved()


def usual_text(instant: datetime, zone: str = PARIS) -> str:
    """What `moved` reads, written from what it gave: "2026-11-30 09:00", whatever the present."""
    return f"{local(instant, zone) - weeks_moved():%Y-%m-%d %H:%M}"


def has_own_hour(item: pytest.Item) -> bool:
    return any(mark.name in {"at", "dated"} for mark in item.iter_markers())


def instant_of(item: pytest.Item) -> datetime:
    """Where a test starts: its own hour, as said nearest to it, else the present."""
    for mark in item.iter_markers():
        if mark.name == "at":
            return wall(*mark.args)
        if mark.name == "dated":
            return wall(USUAL)
    return present()


def is_moved() -> bool:
    return present() != wall(USUAL)


def pytest_configure(config: pytest.Config) -> None:
    """Files of tests are read at the present too: a date made as one is imported is a test's date."""
    reading = time_machine.travel(present(), tick=False)
    reading.start()
    config.add_cleanup(reading.stop)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if is_moved():
        config.hook.pytest_deselected(items=[item for item in items if has_own_hour(item)])
        items[:] = [item for item in items if not has_own_hour(item)]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Around the whole test, so that no fixture reads another clock, whatever its scope."""
    _began[0] = instant_of(item)
    running = any(item.get_closest_marker(name) for name in RUNNING)
    with time_machine.travel(_began[0], tick=running) as traveller:
        item.stash[TRAVELLER] = traveller
        try:
            return (yield)
        finally:
            _began[0] = present()


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> time_machine.Traveller:
    """The clock of this test: `clock.move_to(instant)`, `clock.shift(timedelta)`."""
    return request.node.stash[TRAVELLER]


def machine_now() -> datetime:
    """The machine's own clock, for who meets a wall of PostgreSQL that reads it."""
    return time_machine.escape_hatch.datetime.datetime.now(UTC)


def date_by_this_clock(address: str, name: str) -> None:
    """Have the database date the facts of other processes by this test's clock, once they connect."""
    ahead = datetime.now(UTC) - machine_now()
    with psycopg.connect(address, autocommit=True) as line:
        line.execute(f"ALTER DATABASE {name} SET portal.ahead = '{ahead.total_seconds()} s'")


def clock_of_children() -> dict[str, str]:
    """The part of a process's environment that gives it this test's clock, from now on and when restarted."""
    here = Path(__file__).resolve().parent
    ahead = datetime.now(UTC) - machine_now()
    return {
        "PYTHONPATH": os.pathsep.join([str(here / "bootstrap"), str(here.parent)]),
        "PORTAL_TEST_AHEAD": str(ahead.total_seconds()),
    }
