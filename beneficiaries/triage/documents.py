"""The note to show at another door: made from the person's answers, given, and kept nowhere."""

from datetime import datetime

from beneficiaries.request.enums import AccessNeed, Need, Situation, Urgency
from beneficiaries.triage.rules import orientation_for
from cep_portal.documents.services import render_pdf

TITLE = "Note à montrer"
TEMPLATE = "beneficiaries/pdf/note.html"
FILE_NAME = "note-a-montrer.pdf"


def note_context(*, situation: str, answers: dict, now: datetime) -> dict:
    """What the note says, on the page as in the PDF: the answers, no name, no place."""
    orientation = orientation_for(situation)
    urgency = answers.get("urgency") or Urgency.NO_HURRY
    rows = [("Ma situation", Situation(situation).label)]
    if answers.get("needs"):
        rows.append(("Ce qui m’amène", ", ".join(Need(value).label for value in answers["needs"])))
    if urgency != Urgency.NO_HURRY:
        rows.append(("Ce qui presse", Urgency(urgency).label))
    if answers.get("access_needs"):
        welcome = ", ".join(AccessNeed(value).label for value in answers["access_needs"])
        rows.append(("Pour bien m’accueillir", welcome))
    return {
        "title": TITLE,
        "doors": " ou ".join(door.name for door in orientation.doors),
        "is_redirected": not orientation.is_eligible,
        "rows": [{"label": label, "value": value} for label, value in rows],
        "issued_at": now,
    }


def note_pdf(context: dict) -> bytes:
    return render_pdf(template=TEMPLATE, context=context)
