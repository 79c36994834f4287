"""What notes add to a pathway's file, to the adviser's day and to the personal space."""

from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.common.wording.dates import short_day
from operators.casework.notes import rules, selectors
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.registry import Task
from operators.network.models import Adviser

SHOWN = 5


def notes_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """How many notes there are and of when, never what they say; one query."""
    if not rules.can_use_notes(user):
        return None
    facts = selectors.note_facts(pathway=pathway)
    last = max(pathway.sessions.all(), key=lambda one: one.starts_at, default=None)
    return {**facts, "pathway": pathway, "last_session": last}


def note_of_session(*, session: CounsellingSession) -> str:
    """Where the note of a session just logged is written."""
    return f"{reverse('operators:note_add', args=[session.pathway.uuid])}?seance={session.uuid}"


def notes_to_do(*, adviser: Adviser, user: User, now: datetime) -> tuple[list[Task], int, str]:  # noqa: ARG001 -- the registry's call
    """The people who asked to read their notes; one query."""
    waiting = list(selectors.requests_to_answer(adviser=adviser))
    tasks = [
        Task(
            label=one.pathway.beneficiary.full_name,
            url=reverse("operators:note_release", args=[one.uuid]),
            note=f"à remettre avant le {short_day(selectors.answer_by(one))}",
            is_late=selectors.answer_by(one) < now,
        )
        for one in waiting[:SHOWN]
    ]
    return tasks, len(waiting), ""


def notes_page(*, beneficiary: Beneficiary, now: datetime) -> dict:  # noqa: ARG001 -- the registry's call
    """« Mes notes d’entretien »: ask, wait, read."""
    pathway = selectors.present_pathway(beneficiary=beneficiary)
    if pathway is None:
        return {"pathway": None}
    waiting = selectors.open_request(pathway=pathway)
    return {
        "pathway": pathway,
        "waiting": waiting,
        "answer_by": selectors.answer_by(waiting) if waiting else None,
        "given": selectors.given_notes(pathway=pathway),
        "has_notes": selectors.has_notes(pathway=pathway),
    }
