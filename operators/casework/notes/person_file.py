"""Who is expected to read notes, and what becomes of them with a person's file."""

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.hooks import Readers
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonalData, register
from operators.casework.notes.content import content_of
from operators.casework.notes.models import Note, NoteRequest, WithheldNote
from operators.casework.notes.selectors import withheld_from
from operators.casework.notes.services import erase_notes
from operators.casework.pathways.person_file import pathway_readers


def note_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person's notes, each with those who follow the person, as for the pathway."""
    own = Note.objects.filter(pathway__beneficiary=beneficiary).order_by("pk")
    notes = list(own.values_list("pk", "pathway_id"))
    readers = pathway_readers(beneficiary) if notes else {}
    return {pk: readers[pathway] for pk, pathway in notes}


def _words(note: Note) -> str:
    """What the copy of the data gives; a note kept back for somebody else's sake says why."""
    withheld = withheld_from(beneficiary_id=note.pathway.beneficiary_id).get(note.pk)
    if withheld is not None:
        return f"(non remise : {withheld.get_reason_display()})"
    content = content_of(note)
    return content.in_words if content else ""


def declare() -> None:
    register(
        PersonalData(
            model=Note,
            title="Les notes de vos entretiens",
            purpose="Reprendre votre accompagnement où il en était.",
            retention=retention.ERASED_NOTES,
            order=46,
            rows=lambda subject: Note.objects.filter(
                pathway__beneficiary=subject.beneficiary_id
            ).select_related("pathway"),
            personal=dict.fromkeys(("written_at", "version", "erased_at"), KEPT),
            technical=("id", "uuid", "pathway", "session", "author", "corrects", "key_id", "sealed"),
            extra={"note": _words},
            erase_with=lambda subject, now: erase_notes(beneficiary_id=subject.beneficiary_id, now=now),
        ),
        PersonalData(
            model=NoteRequest,
            title="Vos demandes de lecture des notes",
            purpose="Vous remettre les notes de vos entretiens.",
            retention=retention.ERASED_NOTES,
            order=47,
            rows=lambda subject: NoteRequest.objects.filter(pathway__beneficiary=subject.beneficiary_id),
            personal=dict.fromkeys(("asked_at", "released_at"), KEPT),
            technical=("id", "uuid", "pathway", "released_by"),
        ),
        PersonalData(
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
