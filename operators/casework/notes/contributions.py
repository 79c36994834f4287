"""What notes add to a pathway's file, to the adviser's day and to the personal space."""

from django.urls import reverse

from beneficiaries.space.hooks import PAGES, OpenSpace, Page
from cep_portal.common.days import local_day
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import SHOWN, TO_DOS, Source, Task, Tasks
from cep_portal.common.wording.dates import short_day
from cep_portal.messaging.hooks import COMPOSERS
from operators.casework.notes import notices, rules, selectors
from operators.casework.pathways.hooks import (
    PARTS,
    SECOND_BUTTONS,
    Act,
    Day,
    OpenFile,
    SecondButton,
)
from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.selectors import of_adviser
from operators.menus import ADVISER


def notes_section(opened: OpenFile) -> dict | None:
    """How many notes there are and of when, never what they say; one query."""
    if not rules.can_use_notes(opened.user):
        return None
    facts = selectors.note_facts(pathway=opened.pathway)
    last = max(opened.pathway.sessions.all(), key=lambda session: session.starts_at, default=None)
    url = reverse("operators:note_add", args=[opened.pathway.uuid])
    write = f"Écrire une note sur la séance du {short_day(last.held_on)}" if last else "Écrire une note"
    acts = [Act(write, f"{url}?seance={last.uuid}" if last else url)]
    return {**facts, "pathway": opened.pathway, "acts": acts}


def note_of_session(session: CounsellingSession) -> str:
    """Where the note of a session just logged is written."""
    return f"{reverse('operators:note_add', args=[session.pathway.uuid])}?seance={session.uuid}"


def notes_to_do(day: Day) -> Tasks:
    """The people who asked to read their notes; one query."""
    waiting = list(selectors.requests_to_answer(adviser=day.adviser))
    tasks = [
        Task(
            verb="Remettre ses notes à",
            about=note_request.pathway.beneficiary.full_name,
            url=reverse("operators:note_release", args=[note_request.uuid]),
            due_on=local_day(selectors.answer_by(note_request)),
            is_pinned=True,
        )
        for note_request in waiting[:SHOWN]
    ]
    return Tasks(tasks, len(waiting))


def notes_page(space: OpenSpace) -> dict:
    """« Mes notes d’entretien »: ask, wait, read."""
    pathway = selectors.present_pathway(beneficiary=space.beneficiary)
    if pathway is None:
        return {"pathway": None}
    waiting = selectors.open_request(pathway=pathway)
    return {
        "pathway": pathway,
        "waiting": waiting,
        "answer_by": selectors.answer_by(waiting) if waiting else None,
        "is_overdue": waiting is not None and selectors.answer_by(waiting) < space.now,
        "given": selectors.given_notes(pathway=pathway),
        "has_notes": selectors.has_notes(pathway=pathway),
    }


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    PARTS.add(PagePart("Notes d’entretien", "operators/casework/notes/section.html", notes_section), order=20)
    SECOND_BUTTONS.add(SecondButton("note", "Saisir et écrire une note", note_of_session))
    TO_DOS.add(Source("notes", "Notes demandées", ADVISER, of_adviser(notes_to_do)), order=42)
    PAGES.add(
        Page(
            slug="notes",
            title="Mes notes d’entretien",
            data=notes_page,
            template="operators/casework/notes/space_page.html",
        ),
        order=30,
    )
