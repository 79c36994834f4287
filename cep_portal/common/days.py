"""Local days, weeks and months. Instants are aware; a day is the calendar day of a zone."""

import calendar
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"


def local(instant: datetime, zone: str | tzinfo = PARIS) -> datetime:
    """The same instant on the clock of `zone`. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its zone")
    return instant.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def local_day(instant: datetime, zone: str | tzinfo = PARIS) -> date:
    """The calendar day of `instant` in `zone`. Raises ValueError for a naive instant."""
    return local(instant, zone).date()


def monday_of[Day: date](day: Day) -> Day:
    """The Monday of the week of `day`; an instant keeps its hour."""
    return day - timedelta(days=day.weekday())


def first_of_month[Day: date](day: Day) -> Day:
    """The first day of the month of `day`; an instant keeps its hour."""
    return day.replace(day=1)


def months_later[Day: date](day: Day, months: int) -> Day:
    """The same day `months` later (earlier when negative), or the last day of a shorter month.

    Delays in months run so, from date to date (Code de procédure civile, article 641; CCAG-FCS 2021, 3.2).
    A delay of the law ends there; one of the CCAG then rolls to a working day (procurement.followup.rules).
    An instant keeps its hour and its zone.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
