from datetime import datetime, timedelta

from cep_portal.accounts.enums import Role
from operators.booking.agenda.rules import earliest_start
from operators.booking.groups.enums import GROUP_TRANSITIONS, PLACE_TRANSITIONS, GroupState, PlaceState

BREAK = timedelta(minutes=15)  # between the meeting and the adviser's next appointment


def session_may_become(state: str, target: str) -> bool:
    return target in GROUP_TRANSITIONS[GroupState(state)]


def place_may_become(state: str, target: str) -> bool:
    return target in PLACE_TRANSITIONS[PlaceState(state)]


def is_joinable(session, *, now: datetime) -> bool:
    """The same notice as for a slot, whatever the channel."""
    return session.state == GroupState.OPEN and session.starts_at >= earliest_start(now)


def can_run_groups(user) -> bool:
    return user.role in {Role.ADVISER, Role.OPERATOR_MANAGER}
