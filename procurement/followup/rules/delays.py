"""Due dates. A delay of the CCAG rolls to a working day, a delay of the law does not: two families."""

from collections.abc import Collection
from datetime import date, timedelta

from cep_portal.common.days import months_later
from procurement.followup.errors import ClauseMissing, PenaltyClauseUnknown

SATURDAY = 5


def due_days(start: date, days: int, holidays: Collection[date]) -> date:
    """Last day of a delay in calendar days counted from the day after `start`, rolled (CCAG-FCS 3.2; D2)."""
    return _roll(start + timedelta(days=days), holidays)


def due_months(start: date, months: int, holidays: Collection[date]) -> date:
    """Last day of a delay in months, from date to date, rolled (CCAG-FCS 3.2; D2)."""
    return _roll(months_later(start, months), holidays)


def earliest_signature(*, params: dict, sent_on: date, electronic: bool) -> date:
    """First day a contract may be signed after the rejection letters of `sent_on` (R2182-1; D1).

    The day of sending counts and nothing rolls. Raises ClauseMissing when the rule set is silent.
    """
    clause = params.get("standstill")
    if not clause:
        raise ClauseMissing(
            "Le référentiel de règles ne donne pas le délai avant signature (article R2182-1)."
        )
    days = clause["days"] if electronic else clause["paper_days"]
    return sent_on + timedelta(days=days)


def hearing_due_on(*, params: dict, received_on: date, holidays: Collection[date]) -> date:
    """Last day to observe on a penalty received on `received_on` (CCAG-FCS 2021, 14.1.1; R-30).

    Raises PenaltyClauseUnknown under a rule set that gives no such delay: no penalty without a hearing.
    """
    hearing = params.get("hearing")
    if not hearing:
        raise PenaltyClauseUnknown("Le référentiel de règles ne donne pas de délai d’observation.")
    return due_days(received_on, hearing["days"], holidays)


def late_days(*, due_on: date, delivered_on: date) -> int:
    """Calendar days of delay, from the day after the due date (D3)."""
    return max(0, (delivered_on - due_on).days)


def _roll(day: date, holidays: Collection[date]) -> date:
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day
