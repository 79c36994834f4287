from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cep_portal.common.days import PARIS, first_of_month, local, local_day, monday_of, months_later

GUADELOUPE, MARTINIQUE, CAYENNE = "America/Guadeloupe", "America/Martinique", "America/Cayenne"
MIQUELON, REUNION, MAYOTTE = "America/Miquelon", "Indian/Reunion", "Indian/Mayotte"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 1, 10), -24, date(2024, 1, 10)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_later_ends_on_the_last_day_of_a_shorter_month(day, months, later):
    assert months_later(day, months) == later


def test_months_later_keeps_the_hour_of_an_instant():
    paris = ZoneInfo(PARIS)

    assert months_later(datetime(2026, 8, 31, 9, 30, tzinfo=paris), 1) == datetime(
        2026, 9, 30, 9, 30, tzinfo=paris
    )


@pytest.mark.parametrize(
    ("zone", "last_of_the_day", "day"),
    [
        (PARIS, datetime(2026, 7, 14, 21, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (GUADELOUPE, datetime(2026, 7, 15, 3, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (MARTINIQUE, datetime(2026, 7, 15, 3, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (CAYENNE, datetime(2026, 7, 15, 2, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (MIQUELON, datetime(2026, 7, 15, 1, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (REUNION, datetime(2026, 7, 14, 19, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (MAYOTTE, datetime(2026, 7, 14, 20, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (PARIS, datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (GUADELOUPE, datetime(2027, 1, 1, 3, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (REUNION, datetime(2026, 12, 31, 19, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        # The nights when clocks change: the day before them ends in the old time, they end in the new one.
        (PARIS, datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), date(2026, 3, 28)),
        (PARIS, datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), date(2026, 3, 29)),
        (PARIS, datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC), date(2026, 10, 24)),
        (PARIS, datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), date(2026, 10, 25)),
        (MIQUELON, datetime(2026, 3, 9, 1, 59, 59, tzinfo=UTC), date(2026, 3, 8)),
        (MIQUELON, datetime(2026, 11, 2, 2, 59, 59, tzinfo=UTC), date(2026, 11, 1)),
    ],
)
def test_local_day_ends_at_the_midnight_of_the_place(zone, last_of_the_day, day):
    after = last_of_the_day + timedelta(seconds=1)

    assert local_day(last_of_the_day, zone) == day
    assert local_day(after, zone) == day + timedelta(days=1)


def test_local_day_is_that_of_paris_when_no_zone_is_given():
    assert local_day(datetime(2026, 7, 14, 22, tzinfo=UTC)) == date(2026, 7, 15)


def test_local_day_refuses_a_naive_instant():
    with pytest.raises(ValueError, match="zone"):
        local_day(datetime(2026, 11, 24, 14, 30))  # noqa: DTZ001 -- the mistake under test


def test_local_takes_a_zone_by_name_or_as_an_object():
    instant = datetime(2026, 10, 25, 1, tzinfo=UTC)

    assert f"{local(instant, REUNION):%d %H:%M}" == "25 05:00"
    assert local(instant, ZoneInfo(REUNION)) == local(instant, REUNION)
    assert f"{local(instant):%H:%M}" == "02:00"


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 30), date(2026, 11, 30)),
        (date(2026, 12, 6), date(2026, 11, 30)),
        (date(2027, 1, 1), date(2026, 12, 28)),
        (date(2028, 2, 29), date(2028, 2, 28)),
        (datetime(2026, 12, 3, 9, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)),
    ],
)
def test_monday_of_any_day_of_the_week(day, monday):
    assert monday_of(day) == monday


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2028, 2, 29), date(2028, 2, 1)),
        (date(2026, 12, 1), date(2026, 12, 1)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), datetime(2026, 12, 1, 23, 30, tzinfo=UTC)),
    ],
)
def test_first_of_month(day, first):
    assert first_of_month(day) == first
