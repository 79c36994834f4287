from datetime import date, datetime
from typing import TYPE_CHECKING

from beneficiaries.complaints.enums import COMPLAINT_TRANSITIONS, AnswerChannel, ComplaintState
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


def must_tell(complaint: "Complaint", *, told_at: datetime | None) -> bool:
    """Whether somebody still has to say, or post, the last answer."""
    is_spoken = complaint.channel in AnswerChannel.spoken and complaint.erased_at is None
    return is_spoken and complaint.state == ComplaintState.ANSWERED and told_at is None


def may_become(state: str, target: str) -> bool:
    return ComplaintState(target) in COMPLAINT_TRANSITIONS[ComplaintState(state)]


def is_late(complaint: "Complaint", *, on: date) -> bool:
    """A month of silence: the day of the deadline is still in time."""
    return complaint.state == ComplaintState.RECEIVED and on > complaint.answer_due_on


def may_reach_mediator(complaint: "Complaint", *, on: date) -> bool:
    """After a month without answer, or an answer that did not suit; within a year (R6123-14).

    A new answer takes nothing away from who contested the first.
    """
    waited = is_late(complaint, on=on) or complaint.contested_at is not None
    return waited and on <= complaint.mediator_until_on
