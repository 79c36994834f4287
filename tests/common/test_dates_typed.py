"""A day and an hour are read as people write them; two readings are never settled by a guess."""

from datetime import date, datetime, time

import pytest

from cep_portal.common.dates_typed import (
    NoSuchDay,
    Side,
    UnreadDay,
    UnreadHour,
    YearMissing,
    read_day,
    read_hour,
    read_instant,
)

ON = date(2026, 11, 30)


@pytest.mark.parametrize(
    "typed",
    [
        "5/12",
        "05/12/2026",
        "05.12.2026",
        "5-12-26",
        "5 12 2026",
        "5,12,2026",
        "05122026",
        "0512",
        "5 décembre 2026",
        "5 déc.",
        "5 DEC",
        "sam. 5 déc. 2026",
        "samedi 5 décembre",
        "2026-12-05",
        "2026/12/5",
        " 5\N{NO-BREAK SPACE}décembre  2026 ",
    ],
)
def test_day_is_read_as_people_write_it(typed):
    assert read_day(typed, on=ON) == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("typed", "side", "day"),
    [
        ("5/1", Side.BOTH, date(2027, 1, 5)),
        ("5/1", Side.FUTURE, date(2027, 1, 5)),
        ("5/1", Side.PAST, date(2026, 1, 5)),
        ("30/11", Side.PAST, ON),
        ("30/11", Side.FUTURE, ON),
        ("1er septembre", Side.BOTH, date(2026, 9, 1)),
        ("31 mai", Side.PAST, date(2026, 5, 31)),
        ("29/2", Side.FUTURE, date(2028, 2, 29)),
        ("5/12/98", Side.BOTH, date(1998, 12, 5)),
        ("5/12/1998", Side.FUTURE, date(1998, 12, 5)),
    ],
)
def test_year_is_that_of_the_nearest_sensible_day(typed, side, day):
    assert read_day(typed, on=ON, side=side) == day


@pytest.mark.parametrize(
    ("typed", "side"),
    [("29/11", Side.FUTURE), ("1/12", Side.PAST), ("31/5", Side.BOTH), ("15 juin", Side.BOTH)],
)
def test_year_is_asked_when_two_are_as_likely(typed, side):
    with pytest.raises(YearMissing):
        read_day(typed, on=ON, side=side)


@pytest.mark.parametrize(
    "typed", ["31/2", "31/11/2026", "0/5/2026", "12/25/2026", "lundi 5 décembre 2026", "30/2/26"]
)
def test_day_of_no_calendar_is_refused(typed):
    with pytest.raises(NoSuchDay):
        read_day(typed, on=ON)


@pytest.mark.parametrize("typed", ["demain peut-être", "5", "5/12/2", "5 jui", "5 du mois", "12h30", "\x00"])
def test_what_says_no_day_is_refused(typed):
    with pytest.raises(UnreadDay):
        read_day(typed, on=ON)


@pytest.mark.parametrize(
    "typed",
    [
        "9h30",
        "9 h 30",
        "9:30",
        "09:30",
        "0930",
        "930",
        "9.30",
        "09:30:00",
        "9 heures 30",
        "9H30",
        "9 h 30 min",
    ],
)
def test_hour_is_read_as_people_write_it(typed):
    assert read_hour(typed) == time(9, 30)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9h", time(9)),
        ("9", time(9)),
        ("18 h", time(18)),
        ("Midi", time(12)),
        ("minuit", time(0)),
        ("9h05", time(9, 5)),
    ],
)
def test_full_hour_needs_no_minutes(typed, said):
    assert read_hour(typed) == said


@pytest.mark.parametrize("typed", ["9h3", "25h", "9h75", "24:00", "9:30 PM", "matin", "12345"])
def test_what_says_no_hour_is_refused(typed):
    with pytest.raises(UnreadHour):
        read_hour(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "5/12 à 9 h 30",
        "5/12 9h30",
        "05/12/2026 9:30",
        "sam. 5 déc. 2026 à 9 h 30",
        "2026-12-05T09:30",
        "2026-12-05 09:30:00",
    ],
)
def test_instant_is_a_day_then_an_hour(typed):
    assert read_instant(typed, on=ON) == datetime.combine(date(2026, 12, 5), time(9, 30))


def test_instant_without_its_hour_is_refused():
    with pytest.raises(UnreadDay):
        read_instant("5/12/2026", on=ON)
