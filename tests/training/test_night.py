"""What falls due while the clock moves: the schedule itself, hour after hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from celery.schedules import crontab

from cep_portal.common import days
from cep_portal.schedule import BEAT_SCHEDULE
from cep_portal.training.rules.night import due_tasks

PARIS = ZoneInfo(days.PARIS)

SCHEDULE = {
    "nightly": {"task": "nightly", "schedule": crontab(hour=3, minute=10)},
    "monthly": {"task": "monthly", "schedule": crontab(hour=4, minute=10, day_of_month=1)},
    "sweep": {"task": "sweep", "schedule": 60.0},
}


def due(start, end, schedule=SCHEDULE):
    tasks = due_tasks(
        start=datetime(*start, tzinfo=PARIS).astimezone(UTC),
        end=datetime(*end, tzinfo=PARIS).astimezone(UTC),
        schedule=schedule,
    )
    return [(instant.astimezone(PARIS).strftime("%d %H:%M"), names) for instant, names in tasks]


def test_tasks_come_at_their_hour_in_order():
    assert due((2026, 11, 20, 0, 30), (2026, 11, 20, 3, 20)) == [
        ("20 00:50", ("sweep",)),
        ("20 03:10", ("nightly",)),
    ]


def test_the_first_of_the_month_has_its_own():
    names = [name for _, names in due((2026, 11, 30, 12, 0), (2026, 12, 1, 12, 0)) for name in names]

    assert (names.count("monthly"), names.count("nightly"), names.count("sweep")) == (1, 1, 8)


def test_a_task_due_at_the_start_is_not_run_again():
    assert due((2026, 11, 20, 3, 10), (2026, 11, 20, 3, 40)) == []


def test_nothing_runs_between_two_and_three_nor_twice_when_clocks_change():
    """25 October 2026: 02:00-02:59 happens twice; 28 March 2027: it never does."""
    for day in (datetime(2026, 10, 24, 12, tzinfo=PARIS), datetime(2027, 3, 27, 12, tzinfo=PARIS)):
        start = day.astimezone(UTC)
        tasks = list(due_tasks(start=start, end=start + timedelta(days=1), schedule=SCHEDULE))

        assert [instant for instant, _ in tasks if instant.astimezone(PARIS).hour == 2] == []
        assert sum(names == ("nightly",) for _, names in tasks) == 1


def test_a_day_runs_every_task_of_the_real_schedule_but_the_monthly_one():
    found = {
        name
        for _, names in due((2026, 11, 20, 12, 0), (2026, 11, 21, 12, 0), BEAT_SCHEDULE)
        for name in names
    }

    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} - found == {"reporting.restate_quarter"}
