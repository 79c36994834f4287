"""Months as the law counts them: from the 31 January, a month ends on the last day of February."""

import calendar
from datetime import date


def months_later[Day: date](day: Day, months: int) -> Day:
    """The same day `months` later (earlier when negative), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
