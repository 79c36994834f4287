"""Started on any day of the year, the demonstration has a working day to show."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest

from cep_portal.common.days import local
from cep_portal.demo.dataset.build import NAMED_ENTRIES, SHOWN_BEFORE
from cep_portal.demo.dataset.clock import day_number, start_of, to_minutes
from cep_portal.demo.dataset.history import History
from cep_portal.demo.dataset.network import Staffed
from cep_portal.demo.dataset.rows import COLUMNS, Rows
from cep_portal.demo.dataset.scale import SCALES
from operators.booking.agenda.models import Appointment

SMALL = SCALES["small"]
STARTS = {
    "an ordinary Monday": date(2026, 11, 23),
    "a Saturday": date(2027, 1, 16),
    "a Sunday": date(2027, 2, 14),
    "New Year, a bank holiday": date(2027, 1, 1),
    "Christmas, a Saturday": date(2027, 12, 25),
    "Assumption, in August": date(2028, 8, 15),
    "summer time begins": date(2027, 3, 28),
    "winter time begins": date(2027, 10, 31),
    "29 February": date(2028, 2, 29),
    "31 December": date(2026, 12, 31),
}
WEEK = [(weekday, *hours) for weekday in (1, 2, 3, 5) for hours in ((540, 765), (810, 1035))]
FREE = [(weekday, 540, 765) for weekday in (4, 6, 7)]  # mornings added from a week before the day
HOLIDAYS = {date(2027, 1, 1), date(2026, 12, 25), date(2027, 12, 25), date(2028, 8, 15), date(2027, 3, 29)}
PERIOD, STATE = (COLUMNS[Appointment].index(name) for name in ("period", "state"))
A_COLLEAGUE_S_SHARE = 86  # people who enter in a year


def named(day: date) -> Staffed:
    """The named adviser without a database: four days a week, then every day."""
    site = SimpleNamespace(pk=1, zone="Europe/Paris", contract_id=1)
    return Staffed(
        *(SimpleNamespace(pk=1), site, "53", "35", WEEK),
        shown_from=day_number(day - SHOWN_BEFORE),
        shown_openings=FREE,
    )


def agenda(day: date) -> list[tuple[datetime, str]]:
    """Each appointment of the named adviser, built on a day: when it starts, and its state."""
    now = to_minutes(start_of(day))
    rows = Rows(SMALL.seed + 2, {"35": (["35238"], [1])}, now)
    history = History(SMALL, rows, {"35": {day_number(off) for off in HOLIDAYS}}, now)
    habits = {"no_show_share": SMALL.no_show_share, "waiting_days": 13.5}
    history.walk(named(day), A_COLLEAGUE_S_SHARE * NAMED_ENTRIES, habits)
    lines = [line.split("\t") for line in rows.copier.lines[Appointment]]
    return [(local(datetime.fromisoformat(line[PERIOD][2:24])), line[STATE]) for line in lines]


@pytest.mark.parametrize("day", STARTS.values(), ids=STARTS)
def test_the_named_adviser_has_a_day_to_show(day):
    appointments = agenda(day)
    days = Counter(starts.date() for starts, state in appointments if state != "CANCELLED")
    to_log = [starts for starts, state in appointments if state == "BOOKED" and starts.date() < day]

    assert days[day] >= 2
    assert sum(days[day + timedelta(days=after)] for after in range(1, 8)) >= 8
    assert to_log
    assert {state for starts, state in appointments if starts.date() >= day} == {"BOOKED"}


@pytest.mark.parametrize("day", STARTS.values(), ids=STARTS)
def test_appointments_keep_office_hours_when_clocks_change(day):
    hours = {starts.time() for starts, _ in agenda(day)}

    assert min(hours) == time(9)
    assert max(hours) == time(16)


def test_nobody_is_received_on_a_bank_holiday_long_ago():
    assert date(2026, 12, 25) not in {starts.date() for starts, _ in agenda(date(2027, 10, 31))}


def test_the_present_is_the_first_instant_of_the_day_in_paris():
    assert start_of(date(2027, 3, 28)).isoformat() == "2027-03-28T00:00:00+01:00"
    assert start_of(date(2027, 3, 29)).isoformat() == "2027-03-29T00:00:00+02:00"
