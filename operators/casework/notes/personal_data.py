"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from collections.abc import Iterable

from cep_portal.common import retention
from cep_portal.common.days import local_day
from cep_portal.common.personal_data import KEPT, NOT_SENT, FileKind, PersonManifest, Subject, Treatment
from cep_portal.common.wording.dates import long_day
from operators.casework.desk.person_file import reasons_given
from operators.casework.notes import person_file
from operators.casework.notes.models import Note, NoteRequest, WithheldNote
from operators.casework.notes.selectors import release_of
from operators.casework.notes.selectors.content import content_of
from operators.casework.notes.services import erase_notes

NOT_READ_YET = (
    "Une note peut parler d’autres personnes : votre conseiller la relit avant de vous la remettre."
    " Demandez à lire vos notes dans votre espace."
)


def _words(note: Note) -> str:
    """What the copy gives: a note released to the person, else why it is not (RGPD, article 15.4)."""
    why = _kept_back(note)
    if why:
        return f"(non remise : {why})"
    content = content_of(note)
    return content.in_words if content else ""


def _kept_back(note: Note) -> str:
    released, withheld = release_of(note)
    if withheld is not None:
        return withheld.get_reason_display()
    return "" if released or note.erased_at is not None else "pas encore relue pour vous être remise"


def _left_out(subject: Subject) -> Iterable[tuple[str, str]]:
    for note in Note.objects.filter(pathway__beneficiary=subject.beneficiary_id).order_by("written_at", "pk"):
        released, withheld = release_of(note)
        what = f"Note d’entretien du {long_day(local_day(note.written_at))}"
        if withheld is not None:
            yield what, f"Non remise : {withheld.get_reason_display()}."
        elif not released and note.erased_at is None:
            yield what, NOT_READ_YET


MANIFESTS = (
    PersonManifest(
        model=Note,
        title="Les notes de vos entretiens",
        purpose="Reprendre votre accompagnement où il en était.",
        retention=retention.ERASED_NOTES,
        order=46,
        rows=lambda subject: Note.objects.filter(pathway__beneficiary=subject.beneficiary_id).select_related(
            "pathway"
        ),
        personal=dict.fromkeys(("written_at", "version", "erased_at"), KEPT),
        technical=("id", "uuid", "pathway", "session", "author", "corrects", "key_id", "sealed"),
        extra={"note": _words},
        left_out=_left_out,
        erase_with=lambda subject, now: erase_notes(beneficiary_id=subject.beneficiary_id, now=now),
        on_merge={"pathway": Treatment.STAYS},
        on_transfer="NOTES",
        opened=FileKind("Notes d’entretien", person_file.note_readers, reasons_given),
    ),
    PersonManifest(
        model=NoteRequest,
        title="Vos demandes de lecture des notes",
        purpose="Vous remettre les notes de vos entretiens.",
        retention=retention.ERASED_NOTES,
        order=47,
        rows=lambda subject: NoteRequest.objects.filter(pathway__beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(("asked_at", "released_at"), KEPT),
        technical=("id", "uuid", "pathway", "released_by"),
        on_merge={"pathway": Treatment.STAYS},
        on_transfer=NOT_SENT,
    ),
    PersonManifest(
        model=WithheldNote,
        title="Les notes qui ne vous ont pas été remises",
        purpose="Vous dire pourquoi.",
        retention=retention.ERASED_NOTES,
        order=48,
        rows=lambda subject: WithheldNote.objects.filter(
            note__pathway__beneficiary=subject.beneficiary_id
        ).select_related("note"),
        personal={"reason": KEPT},
        technical=("id", "request", "note"),
        extra={"note du": lambda row: row.note.written_at},
    ),
)
