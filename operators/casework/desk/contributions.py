"""What the desk adds: the gate of a file, and whom to call or who has not answered on the adviser's day."""

from django.urls import reverse

from beneficiaries.rights.hooks import FILE_READERS, FileReaders
from cep_portal.common.days import local_day
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
from cep_portal.common.wording.dates import short_instant
from operators.booking.agenda.models import Replacement
from operators.booking.agenda.selectors import replacements_to_follow
from operators.booking.demand.selectors import call_backs
from operators.casework.desk import person_file
from operators.casework.desk.presenters import calls_due
from operators.casework.pathways.hooks import GATES, Day
from operators.casework.pathways.person_file import pathway_readers
from operators.casework.pathways.selectors import of_adviser
from operators.menus import ADVISER, INTAKE, MANAGER


def to_call_back(day: Day) -> Tasks:
    """The calls promised in the adviser's contract, the oldest promise first."""
    due = call_backs(user=day.user).filter(service_request__contract=day.adviser.site.contract_id)
    return calls_due(due, now=day.now)


def team_calls(reading: Reading) -> Tasks:
    """The calls that the operator promised, the oldest promise first."""
    return calls_due(call_backs(user=reading.user), now=reading.now)


def late_calls(reading: Reading) -> list[Queue]:
    """How many promises of a call are broken, for who answers for the team; one query."""
    late = call_backs(user=reading.user).filter(promised_on__lt=reading.today)
    return [Queue("Rappels en retard", reverse("operators:call_back_list"), late.count())]


def awaiting_answer(day: Day) -> Tasks:
    """Who was proposed something else because of an absence, and has not answered."""
    url = reverse("operators:replacement_list")

    def task(replacement: Replacement) -> Task:
        appointment = replacement.appointment
        zone = appointment.site.zone
        return Task(
            verb="Suivre la réponse de",
            about=appointment.beneficiary.full_name,  # type: ignore[union-attr]  # a booking has a person
            url=url,
            due_on=local_day(replacement.answer_by, zone),
            note=(
                f"rendez-vous du {short_instant(appointment.starts_at, zone)}"
                f" · réponse attendue avant le {short_instant(replacement.answer_by, zone)}"
            ),
        )

    return first_tasks(replacements_to_follow(user=day.user), task, url)


def contribute() -> None:
    MENU.add(Entry("Agenda", "operators:agenda", ADVISER, order=15))
    GATES.add(person_file.file_gate)
    # a pathway's file is told with the reasons of those who open it, and the desk keeps them
    FILE_READERS.add(FileReaders("operators.pathway", pathway_readers, person_file.reasons_given))
    TO_DOS.add(Source("call_backs", "Rappels", ADVISER, of_adviser(to_call_back)), order=20)
    TO_DOS.add(Source("team_call_backs", "Rappels", INTAKE, team_calls), order=20)
    TO_DOS.add(Source("replacements", "Réponses attendues", ADVISER, of_adviser(awaiting_answer)), order=44)
    QUEUES.add(TeamQueues("late_call_backs", MANAGER, late_calls))
