from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.agenda.enums import AppointmentState

REQUESTS_KEY = "partner_requests"
SEVERAL = 2  # other people at one contact: fewer would tell a partner that somebody is known
OUTCOMES = {
    AppointmentState.ATTENDED: "rencontré",
    AppointmentState.NO_SHOW: "non rencontré",
    AppointmentState.CANCELLED: "non rencontré",
}


@dataclass(frozen=True)
class Doubt:
    """Why a contact may not be the person's own; `may_be_kept` when the person may answer that it is."""

    text: str
    may_be_kept: bool


def doubt(*, agents: Collection[str], name: str, own: int, others: int, is_phone: bool) -> Doubt | None:
    """What a contact given for a person leaves to ask.

    `agents` are the folded names of those whose account it opens, `name` the person's; `own` counts the other
    people whom the partner booked with at this contact, `others` all the other people known there.
    """
    what = "Ce numéro" if is_phone else "Ce courriel"
    if agents and name not in agents:
        text = (
            "Ce courriel est celui d’un partenaire ou d’un agent. Le code va à la personne : donnez le sien."
        )
        return Doubt(text, may_be_kept=False)
    if agents:
        text = (
            "Ce courriel est celui d’un compte professionnel. La personne veut-elle y recevoir ses messages ?"
        )
        return Doubt(text, may_be_kept=True)
    if own:
        text = (
            f"{what} a déjà servi à une autre personne que vous accompagnez. Est-ce bien celui de celle-ci ?"
        )
        return Doubt(text, may_be_kept=True)
    if others >= SEVERAL:
        text = f"{what} sert déjà à plusieurs personnes. Est-ce bien celui de la personne ?"
        return Doubt(text, may_be_kept=True)
    return None


def can_book_with_people(user: User) -> bool:
    return user.role in Role.of_partners


def is_started_here(reference: str, session: SessionBase) -> bool:
    """Whether this browser began the request, and has not finished: nothing else opens it to a partner."""
    return reference in session.get(REQUESTS_KEY, [])


def outcome(booking: Any, *, now: datetime) -> str:
    """« rencontré » or « non rencontré » once the hour is past, only if the person agrees; else nothing.

    Refused, withdrawn and not known yet look the same: the partner cannot guess which.
    """
    if booking.outcome_agreed_at is None or booking.withdrawn_at is not None or booking.present.ends_at > now:
        return ""
    return OUTCOMES.get(AppointmentState(booking.present.state), "")


def initials(person: Beneficiary) -> str:
    return f"{person.first_name[:1]}. {person.last_name[:1]}.".upper()
