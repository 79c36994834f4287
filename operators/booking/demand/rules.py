from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import local, local_day
from operators.booking.demand.enums import ENTRY_TRANSITIONS, EntryState, WishedHours

SATURDAY = 6
CALLERS = (Role.INTAKE_OFFICER,)


def can_read_demand(user: User) -> bool:
    """Call-backs and the waiting list are read by the whole operator."""
    return user.role in Role.of_operators


def can_call_back(user: User) -> bool:
    return user.role in CALLERS


def can_count_demand(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def entry_may_become(state: str, target: str) -> bool:
    return target in ENTRY_TRANSITIONS[EntryState(state)]


def promised_day(asked: date, *, holidays: Collection[date]) -> date:
    """The working day of the call: PORTAL_CALL_BACK_DAYS after the local day of asking (Monday to Friday)."""
    day, left = asked, settings.PORTAL_CALL_BACK_DAYS
    while left:
        day += timedelta(days=1)
        if day.isoweekday() < SATURDAY and day not in holidays:
            left -= 1
    return day


def suits_hours(starts_at: datetime, zone: str, wished: Collection[str]) -> bool:
    """Whether a slot starts at an hour the person wished, local time; any hour when none was wished."""
    if not wished:
        return True
    start = local(starts_at, zone)
    suits = {
        WishedHours.BEFORE_9: start.hour < 9,
        WishedHours.LUNCH: 12 <= start.hour < 14,
        WishedHours.AFTER_18: start.hour >= 18,
        WishedHours.SATURDAY: start.isoweekday() == SATURDAY,
    }
    return any(suits[WishedHours(one)] for one in wished)


def is_waking(now: datetime, zone: str) -> bool:
    """Offers are made between the hours of PORTAL_OFFER_WAKING only, local time: nobody is woken."""
    first, last = settings.PORTAL_OFFER_WAKING
    return first <= local(now, zone).hour < last


def offered_until(starts_at: datetime, *, zone: str, now: datetime) -> datetime | None:
    """How long the slot is kept: PORTAL_OFFER_HOURS, never past the minimum notice before it starts.

    None when fewer than PORTAL_OFFER_SHORTEST_HOURS of waking time are left: nobody could answer.
    """
    until = min(
        now + timedelta(hours=settings.PORTAL_OFFER_HOURS),
        starts_at - timedelta(hours=settings.PORTAL_MINIMUM_NOTICE_HOURS),
    )
    enough = timedelta(hours=settings.PORTAL_OFFER_SHORTEST_HOURS)
    return until if _waking_time(now, until, zone) >= enough else None


def may_come_earlier(starts_at: datetime, *, zone: str, now: datetime) -> bool:
    """Whether a place that much earlier than an appointment could still be offered, and answered."""
    latest = starts_at - timedelta(days=settings.PORTAL_EARLIER_DAYS)
    return offered_until(latest, zone=zone, now=now) is not None


def _waking_time(starts: datetime, ends: datetime, zone: str) -> timedelta:
    here, total = ZoneInfo(zone), timedelta()
    first, last = settings.PORTAL_OFFER_WAKING
    day = local_day(starts, here)
    while starts < ends and day <= local_day(ends, here):
        opens = datetime(day.year, day.month, day.day, first, tzinfo=here)
        closes = datetime(day.year, day.month, day.day, last, tzinfo=here)
        total += max(timedelta(), min(ends, closes) - max(starts, opens))
        day += timedelta(days=1)
    return total
