"""What calls add to the page of an appointment and to the adviser’s day."""

from django.urls import reverse

from beneficiaries.request.models import ServiceRequest
from beneficiaries.rights.hooks import FILE_READERS, FileReaders
from cep_portal.common.days import local_day
from cep_portal.common.navigation import MENU, PERSON_PAGES, SEARCHES, Entry, PersonPage, Search
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks, first_tasks
from operators.booking.agenda.hooks import PARTS, ReadAppointment
from operators.casework.pathways import presenters
from operators.casework.pathways.selectors import adviser_of
from operators.menus import ADVISER, FOLLOW_UP, INTAKE
from operators.reception.calls import person_file, selectors


def contact_section(read: ReadAppointment) -> dict | None:
    """« Est-ce bien vous ? », while nobody but an agent told the contact."""
    person = read.appointment.beneficiary
    if person is None or person.contact_proved_at is not None:
        return None
    return {"url": reverse("operators:contact_confirm", args=[read.signed])}


def unanswered(reading: Reading) -> Tasks:
    """The requests that wait for an appointment, oldest first: of the operator, of the adviser's contract."""
    waiting = selectors.unanswered_requests(user=reading.user)
    if reading.role in ADVISER:
        adviser = reading.once("adviser", lambda: adviser_of(user=reading.user))
        waiting = waiting.filter(contract=adviser.site.contract_id) if adviser else waiting.none()
    today = reading.today

    def task(request: ServiceRequest) -> Task:
        age = presenters.days_ago(local_day(request.requested_at), today)
        handling = getattr(request, "handling", None)
        taken_by = handling.taken_by if handling else None
        said = [f"pris par {taken_by.full_name}" if taken_by else "", request.commune.name, age]
        said.append(request.pressing)
        return Task(
            verb="Proposer un rendez-vous à" if request.beneficiary else "Répondre à la",
            about=request.beneficiary.full_name
            if request.beneficiary
            else f"demande {request.displayed_reference}",
            url=reverse("operators:call_slots", args=[request.reference]),
            phone=request.beneficiary.phone if request.beneficiary else "",
            take_url="" if taken_by else reverse("operators:request_follow", args=[request.reference]),
            note=" · ".join(part for part in said if part),
        )

    return first_tasks(waiting, task, reverse("operators:request_list"))


def contribute() -> None:
    MENU.add(
        Entry("Demandes et appels", "operators:request_list", INTAKE, order=10),
        Entry("Demandes", "operators:request_list", ADVISER, order=48, group=FOLLOW_UP),
        Entry("Trouver un créneau", "operators:call_start", ADVISER | INTAKE, order=30),
        Entry("Personnes", "operators:caller_search", ADVISER | INTAKE, order=35),
    )
    PERSON_PAGES.add(PersonPage("operators:caller_detail", ADVISER | INTAKE))
    SEARCHES.add(
        Search(
            label="Nom, téléphone ou référence",
            url_name="operators:caller_search",
            field="recherche",
            roles=ADVISER | INTAKE,
        )
    )
    FILE_READERS.add(FileReaders("beneficiaries.beneficiary", person_file.person_readers))
    PARTS.add(
        PagePart("Est-ce bien vous ?", "operators/reception/calls/contact_section.html", contact_section),
        order=10,
    )
    TO_DOS.add(
        Source("requests", "Demandes sans rendez-vous", ADVISER | INTAKE, unanswered),
        order=32,
    )
