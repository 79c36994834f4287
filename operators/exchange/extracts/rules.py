from datetime import date, timedelta
from typing import TYPE_CHECKING

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common import retention
from operators.exchange.extracts.enums import ExtractKind

if TYPE_CHECKING:
    from operators.exchange.extracts.models import Extract

KEPT_FOR = retention.DELAYS["extract"].duration
LONGEST = timedelta(days=366)  # a leap year, both days included
SHEET_LINES = 1_000_000  # what a sheet of a workbook holds, with some room

# Counts are the operator's own figures: a colleague's second look is enough. A line for each act of a
# person asks for somebody outside the operator (ADR 0037). Never who asked: the database refuses it too.
JUDGES = {
    ExtractKind.ACTIVITY: frozenset({Role.OPERATOR_MANAGER, Role.CONTRACT_MANAGER}),
    ExtractKind.SESSIONS: frozenset({Role.CONTRACT_MANAGER}),
    ExtractKind.APPOINTMENTS: frozenset({Role.CONTRACT_MANAGER}),
}


def can_ask_extracts(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_follow_extracts(user: User) -> bool:
    """Who asks and who judges: the other side's request reads the same on both desks."""
    return user.role in {Role.OPERATOR_MANAGER, Role.CONTRACT_MANAGER}


def can_watch_extracts(user: User) -> bool:
    return user.role == Role.CONTRACT_MANAGER


def may_judge(user: User, extract: "Extract") -> bool:
    """`extract` is one the user may see (visible_to)."""
    return extract.asked_by_id != user.pk and user.role in JUDGES[ExtractKind(extract.kind)]


def period_is_sane(*, starts_on: date, ends_on: date, on: date) -> bool:
    """A year at most, over on the day it is asked."""
    return starts_on <= ends_on <= on and ends_on < starts_on + LONGEST
