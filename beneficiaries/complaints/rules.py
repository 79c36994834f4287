from datetime import date
from typing import TYPE_CHECKING

from beneficiaries.complaints.enums import COMPLAINT_TRANSITIONS, ComplaintState
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import months_later

if TYPE_CHECKING:
    from beneficiaries.complaints.models import Complaint

ANSWER_MONTHS, MEDIATOR_MONTHS = 1, 12  # R6123-14: a month of silence, within a year of the complaint
A_DAY = 3  # complaints from one address: nobody's mailbox is flooded with receipts from here
REMINDERS = (7, 2, 0)  # days before the end of the month


def can_answer_complaints(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_count_complaints(user: User) -> bool:
    return user.role in Role.of_france_competences


def answer_due_on(received_on: date) -> date:
    return months_later(received_on, ANSWER_MONTHS)


def mediator_until_on(received_on: date) -> date:
    return months_later(received_on, MEDIATOR_MONTHS)


def may_become(state: str, target: str) -> bool:
    return ComplaintState(target) in COMPLAINT_TRANSITIONS[ComplaintState(state)]


def is_late(complaint: "Complaint", *, on: date) -> bool:
    """A month of silence: the day of the deadline is still in time."""
    return complaint.state == ComplaintState.RECEIVED and on > complaint.answer_due_on


def may_reach_mediator(complaint: "Complaint", *, on: date) -> bool:
    """After a month without answer, or an answer that does not suit; within a year (R6123-14)."""
    waited = is_late(complaint, on=on) or complaint.state == ComplaintState.CONTESTED
    return waited and on <= complaint.mediator_until_on
