"""The adviser's to-do cards that come from the subjects below: whom to call, who has not answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from cep_portal.accounts.models import User
from cep_portal.common.wording.dates import short_instant
from cep_portal.common.wording.names import phone
from operators.booking.agenda.models import Replacement
from operators.booking.agenda.selectors import replacements_to_follow
from operators.booking.demand import presenters
from operators.booking.demand.models import CallBack
from operators.booking.demand.selectors import call_backs
from operators.casework.pathways.registry import Task
from operators.network.models import Adviser

SHOWN = 5


type Card = tuple[list[Task], int, str]


def first_tasks(rows: QuerySet[Any], task: Callable[[Any], Task], more_url: str) -> Card:
    """The first tasks of a card, how many in all, where the rest is; counted only when some are left."""
    found = list(rows[: SHOWN + 1])
    if len(found) <= SHOWN:
        return [task(one) for one in found], len(found), ""
    return [task(one) for one in found[:SHOWN]], rows.count(), more_url


def to_call_back(*, adviser: Adviser, user: User, now: datetime) -> Card:
    """The calls promised in the adviser's contract, the oldest promise first."""
    due = call_backs(user=user).filter(service_request__contract=adviser.site.contract_id)
    return calls_due(due, now=now)


def calls_due(due: QuerySet[CallBack], *, now: datetime) -> Card:
    """The first calls of a list, each leading to the slots of its request."""

    def task(one: CallBack) -> Task:
        row = presenters.call_back_row(one, now=now)
        return Task(
            label=f"{one.name}, {phone(one.phone)}",
            url=reverse("operators:call_slots", args=[one.service_request.reference]),
            note=f"promis pour le {row['promised']} · {row['wish']}",
            is_late=row["is_late"],
        )

    return first_tasks(due, task, reverse("operators:call_back_list"))


def awaiting_answer(*, adviser: Adviser, user: User, now: datetime) -> Card:  # noqa: ARG001 -- the registry’s call
    """Who was proposed something else because of an absence, and has not answered."""
    url = reverse("operators:replacement_list")

    def task(one: Replacement) -> Task:
        appointment = one.appointment
        zone = appointment.site.zone
        return Task(
            label=appointment.beneficiary.full_name,  # type: ignore[union-attr]  # a booking has a person
            url=url,
            note=(
                f"rendez-vous du {short_instant(appointment.starts_at, zone)}"
                f" · réponse attendue avant le {short_instant(one.answer_by, zone)}"
            ),
            is_late=one.answer_by <= now,
        )

    return first_tasks(replacements_to_follow(user=user), task, url)
