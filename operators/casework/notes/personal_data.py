"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, NOT_SENT, FileKind, PersonManifest, Treatment
from operators.casework.desk.person_file import reasons_given
from operators.casework.notes import person_file
from operators.casework.notes.models import Note, NoteRequest, WithheldNote
from operators.casework.notes.selectors import withheld_from
from operators.casework.notes.selectors.content import content_of
from operators.casework.notes.services import erase_notes


def _words(note: Note) -> str:
    """What the copy of the data gives; a note kept back for somebody else's sake says why."""
    withheld = withheld_from(beneficiary_id=note.pathway.beneficiary_id).get(note.pk)
    if withheld is not None:
        return f"(non remise : {withheld.get_reason_display()})"
    content = content_of(note)
    return content.in_words if content else ""


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
