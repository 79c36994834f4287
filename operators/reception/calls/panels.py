"""What calls add to the page of an appointment and to the adviser’s day."""

from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from operators.booking.agenda.models import Appointment
from operators.casework.desk.panels import Card, first_tasks
from operators.casework.pathways import presenters
from operators.casework.pathways.registry import Task
from operators.network.models import Adviser
from operators.reception.calls import selectors


def contact_section(*, appointment: Appointment, signed: str, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry’s signature
    """« Est-ce bien vous ? », while nobody but an agent told the contact."""
    person = appointment.beneficiary
    if person is None or person.contact_proved_at is not None:
        return None
    return {"url": reverse("operators:contact_confirm", args=[signed])}


def unanswered(*, adviser: Adviser, user: User, now: datetime) -> Card:
    """The requests of the adviser's contract that wait for an appointment, oldest first."""
    waiting = selectors.unanswered_requests(user=user).filter(contract=adviser.site.contract_id)
    today = local_day(now)

    def task(one: ServiceRequest) -> Task:
        age = presenters.days_ago(local_day(one.requested_at), today)
        return Task(
            label=one.beneficiary.full_name if one.beneficiary else f"Demande {one.displayed_reference}",
            url=reverse("operators:call_slots", args=[one.reference]),
            note=f"{one.commune.name} · {age}{f' · {one.pressing}' if one.pressing else ''}",
        )

    return first_tasks(waiting, task, reverse("operators:request_list"))
