from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.agenda.rules import earliest_start
from operators.booking.groups.enums import GROUP_TRANSITIONS, PLACE_TRANSITIONS, GroupState, PlaceState

if TYPE_CHECKING:
    from operators.booking.groups.models import GroupSession

BREAK = timedelta(minutes=15)  # between the meeting and the adviser's next appointment


def session_may_become(state: str, target: str) -> bool:
    return target in GROUP_TRANSITIONS[GroupState(state)]


def place_may_become(state: str, target: str) -> bool:
    return target in PLACE_TRANSITIONS[PlaceState(state)]


def is_joinable(session: "GroupSession", *, now: datetime) -> bool:
    """The same notice as for a slot, whatever the channel."""
    return session.state == GroupState.OPEN and session.starts_at >= earliest_start(now)


def can_run_groups(user: User) -> bool:
    return user.role in {Role.ADVISER, Role.OPERATOR_MANAGER}
