"""Notes and files of the named adviser's pathways, written by the services that serve real people."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from cep_portal.accounts.models import User
from operators.casework.attachments.services import add_attachment
from operators.casework.notes.selectors.content import Content
from operators.casework.notes.services import ask_notes, correct_note, write_note
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.network.models import Adviser

WITH_NOTES, WITH_FILES = 9, 4
MARK = "Données de démonstration"
WORDS = (
    (
        ("SITUATION", "PROJECT"),
        ("PROJECT_CLEARER",),
        "Veut rester dans le secteur, en horaires de jour.",
    ),
    (("SKILLS",), ("SKILLS_NAMED",), "Dix ans d’accueil du public : le dire autrement dans le CV."),
    (("TRAINING", "FUNDING"), ("FUNDING_FOUND", "TIME_IS_SHORT"), "Dossier à déposer avant la fin du mois."),
    (("JOB_MARKET",), ("FIELD_CHECKED",), "A appelé deux entreprises ; une visite est prévue."),
    (("PROJECT",), ("HESITATES",), ""),
)


def build_dossiers(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Notes on the latest pathways, one corrected, one asked for; files on a few, held without antivirus."""
    user = User.objects.get(email="conseil@operateurs.example")
    user.mandate = user.mandates.order_by("pk").first()
    adviser = Adviser.objects.get(user=user)
    own = Pathway.objects.filter(adviser=adviser, state=PathwayState.OPEN).select_related("beneficiary")
    pathways = list(own.order_by("-entered_on", "-pk")[:WITH_NOTES])
    for place, pathway in enumerate(pathways):
        _write(pathway, place, adviser, now)
    for pathway in pathways[:WITH_FILES]:
        add_attachment(
            pathway=pathway, name="attestation-emploi.png", content=_page(pathway), by=user, now=now
        )
    if len(pathways) > 1:
        ask_notes(pathway=pathways[1], by=user, now=now - timedelta(days=2))
    tell("notes et fichiers")


def _write(pathway: Pathway, place: int, adviser: Adviser, now: datetime) -> None:
    themes, seen, text = WORDS[place % len(WORDS)]
    last = pathway.sessions.order_by("-starts_at", "-pk").first()
    written = min(now, last.starts_at + timedelta(hours=2)) if last else now
    note = write_note(
        pathway=pathway, content=Content(themes, seen, text), session=last, author=adviser, now=written
    )
    if place == 0:
        better = Content(themes, seen, f"{text} Prêt à suivre une formation le soir.")
        correct_note(note=note, content=better, author=adviser, now=now)


def _page(pathway: Pathway) -> bytes:
    """A picture of a page that says what it is."""
    page = Image.new("RGB", (600, 400), "white")
    draw = ImageDraw.Draw(page)
    draw.text((40, 40), f"Attestation d'emploi\n\n{MARK}\n\n{pathway.uuid}", fill="black", font_size=20)
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()
