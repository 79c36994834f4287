from datetime import datetime, timedelta

from cep_portal.accounts.enums import Role
from cep_portal.common.days import first_of_month, local, months_later
from cep_portal.training.enums import Step

LEADERS = (Role.OPERATOR_MANAGER, Role.ADMINISTRATOR)
# Less than what the journal is kept by the database's own clock, history before the first day included.
FURTHEST = timedelta(days=180)


def can_lead_place(user) -> bool:
    """Move the clock and put the place back: whoever leads people who learn."""
    return user.role in LEADERS


def destination(step: str, *, now: datetime) -> datetime:
    """Where a step leads: the same hour on the clocks of Paris, whatever summer time does."""
    here = local(now)
    if step == Step.DAY:
        moved = here + timedelta(days=1)
    elif step == Step.WEEK:
        moved = here + timedelta(days=7)
    else:
        moved = months_later(first_of_month(here), 1)
    return moved.astimezone(now.tzinfo)
