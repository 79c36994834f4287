from django.urls import reverse

from beneficiaries.complaints import notices, selectors
from beneficiaries.complaints.enums import ComplaintState
from beneficiaries.complaints.models import Complaint
from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.to_do import (
    QUEUES,
    TO_DOS,
    Queue,
    Reading,
    Source,
    Task,
    Tasks,
    TeamQueues,
    first_tasks,
)
from cep_portal.messaging.hooks import COMPOSERS


def to_answer(reading: Reading) -> Tasks:
    """The complaints without an answer, the nearest end of the month first, then the contested answers."""

    def task(complaint: Complaint) -> Task:
        is_new = complaint.state == ComplaintState.RECEIVED
        return Task(
            verb="Répondre à la réclamation" if is_new else "Répondre de nouveau à la réclamation",
            about=complaint.displayed_reference,
            url=reverse("beneficiaries:complaint_detail", args=[complaint.uuid]),
            due_on=complaint.answer_due_on if is_new else None,
            note=complaint.get_topic_display(),
            is_pinned=is_new,
        )

    waiting = selectors.complaints_to_answer(user=reading.user)
    return first_tasks(waiting, task, reverse("beneficiaries:complaint_list"))


def late_answers(reading: Reading) -> list[Queue]:
    """How many complaints an operator left a month without an answer; one query, no name."""
    late = selectors.late_complaints(on=reading.today).count()
    return [Queue("Réclamations sans réponse après un mois", reverse("beneficiaries:complaint_counts"), late)]


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    managers, readers = frozenset({Role.OPERATOR_MANAGER}), frozenset(Role.of_france_competences)
    steering = frozenset({Role.CONTRACT_MANAGER, Role.DECIDER})
    TO_DOS.add(Source("complaints", "Réclamations", managers, to_answer), order=15)
    QUEUES.add(TeamQueues("late_complaints", steering, late_answers))
    MENU.add(
        Entry("Réclamations", "beneficiaries:complaint_list", managers, order=56, group="À suivre"),
        Entry("Réclamations", "beneficiaries:complaint_counts", readers, order=70),
    )
