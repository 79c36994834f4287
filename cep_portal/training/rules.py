from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cep_portal.accounts.enums import Role
from cep_portal.common.days import months_later
from cep_portal.training.enums import Step

LEADERS = (Role.OPERATOR_MANAGER, Role.ADMINISTRATOR)
# Less than what the journal is kept by the database's own clock, history before the first day included.
FURTHEST = timedelta(days=180)
PARIS = ZoneInfo("Europe/Paris")


def can_lead_place(user) -> bool:
    """Move the clock and put the place back: whoever leads people who learn."""
    return user.role in LEADERS


def destination(step: str, *, now: datetime) -> datetime:
    """Where a step leads: the same hour on the clocks of Paris, whatever summer time does."""
    local = now.astimezone(PARIS)
    if step == Step.DAY:
        moved = local + timedelta(days=1)
    elif step == Step.WEEK:
        moved = local + timedelta(days=7)
    else:
        moved = months_later(local.replace(day=1), 1)
    return moved.astimezone(now.tzinfo)
