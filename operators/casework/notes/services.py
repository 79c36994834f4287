import uuid as uuids
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common import encryption
from cep_portal.common.nir import holds_nir
from cep_portal.common.versions import Seen, check_seen
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from operators.casework.notes import notices, rules, selectors
from operators.casework.notes.enums import KeepReason, WithholdReason
from operators.casework.notes.errors import (
    AlreadyReleased,
    NirInNote,
    NoteAlreadyCorrected,
    NoteEmpty,
    NoteTooLong,
    NothingToRead,
    RequestOpen,
    SensitiveWords,
)
from operators.casework.notes.models import Note, NoteRequest, WithheldNote
from operators.casework.notes.rules.sensitive_words import Matter, sensitive_matters
from operators.casework.notes.selectors.content import Content, content_of, seal_content
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.services import require_not_transferred
from operators.network.models import Adviser

BATCH = 500


@transaction.atomic
def write_note(
    *,
    pathway: Pathway,
    content: Content,
    session: CounsellingSession | None = None,
    keep_reason: str = "",
    author: Adviser,
    now: datetime,
) -> Note:
    """Seal a note of a pathway.

    Raises NoteEmpty, NoteTooLong, NirInNote, PathwayTransferred, and SensitiveWords unless `keep_reason` says
    why they stay: the journal then keeps the matters and the reason, never the words.
    """
    lock_person(pathway.beneficiary_id)
    matters = _checked(content, keep_reason)
    require_not_transferred(pathway.pk)
    note = _sealed(Note(pathway=pathway, session=session, author=author, written_at=now), content)
    _tell("written", note, matters, keep_reason, now=now)
    return note


@transaction.atomic
def correct_note(
    *,
    note: Note,
    content: Content,
    keep_reason: str = "",
    seen: Seen | None = None,
    author: Adviser,
    now: datetime,
) -> Note:
    """Write the version that replaces a note; the former one stays readable.

    Raises as write_note; when another version came first, ChangedMeanwhile with its words if a page was shown
    (`seen`; with both read, the correction follows that version), NoteAlreadyCorrected else.
    """
    lock_person(note.pathway.beneficiary_id)
    if seen is not None:
        note = _last_version(note)
        check_seen(seen, selectors.written(content_of(note)))
    matters = _checked(content, keep_reason)
    require_not_transferred(note.pathway_id)
    version = Note(
        pathway=note.pathway,
        session=note.session,
        author=author,
        written_at=now,
        version=note.version + 1,
        corrects=note,
    )
    try:
        with transaction.atomic():
            version = _sealed(version, content)
    except IntegrityError as refusal:
        raise NoteAlreadyCorrected(
            "Cette note vient d’être corrigée : relisez la dernière version."
        ) from refusal
    _tell("corrected", version, matters, keep_reason, now=now)
    return version


@transaction.atomic
def copy_notes(*, notes: Sequence[str], pathway: Pathway, by: User, now: datetime) -> list[Note]:
    """Seal again, in the pathway that goes on at another operator, notes the person agreed to pass on.

    `notes` are identifiers; of a note corrected since, the correction goes, of one erased nothing. Each keeps
    its author and instant.
    """
    lock_person(pathway.beneficiary)
    copies = []
    for named in Note.objects.filter(uuid__in=notes).order_by("written_at", "pk"):
        note = _last_version(named)
        content = content_of(note)
        if content is None:
            continue
        copy = _sealed(Note(pathway=pathway, author_id=note.author_id, written_at=note.written_at), content)
        record(action="operators.note.copied", target=copy, by=by, data={"pathway": pathway.pk}, now=now)
        copies.append(copy)
    return copies


def _last_version(note: Note) -> Note:
    while (later := Note.objects.filter(corrects=note).first()) is not None:
        note = later
    return note


def _sealed(note: Note, content: Content) -> Note:
    note.uuid = uuids.uuid4()
    sealed = seal_content(content, uuid=note.uuid)
    note.key_id, note.sealed = sealed.key_id, sealed.data
    note.save(force_insert=True)
    return note


def _checked(content: Content, keep_reason: str) -> list[Matter]:
    if not (content.text.strip() or content.themes or content.seen):
        raise NoteEmpty("Cochez ce qui a été abordé ou vu, ou écrivez quelques mots.")
    if len(content.text) > rules.LONGEST:
        raise NoteTooLong(f"Une note compte {rules.LONGEST} caractères au plus.")
    if holds_nir(content.text):
        raise NirInNote("Ce texte contient un numéro de sécurité sociale : retirez-le.")
    matters = sensitive_matters(content.text)
    if matters and keep_reason not in KeepReason.values:
        said = " ; ".join(f"{matter.label} ({', '.join(map(_quoted, matter.words))})" for matter in matters)
        raise SensitiveWords(
            f"Ce texte semble parler de sujets sensibles : {said}. Réécrivez-le, ou dites pourquoi il reste."
        )
    return matters


def _quoted(word: str) -> str:
    return f"«{NO_BREAK_SPACE}{word}{NO_BREAK_SPACE}»"


def _tell(verb: str, note: Note, matters: Sequence[Matter], keep_reason: str, *, now: datetime) -> None:
    data: dict = {"pathway": note.pathway_id, "version": note.version}
    if matters:
        data |= {"sensitive": [matter.code for matter in matters], "kept_because": keep_reason}
    record(action=f"operators.note.{verb}", target=note, by=note.author.user, data=data, now=now)


def record_reading(*, note: Note, data: dict | None = None, by: User, now: datetime) -> None:
    """Write in the reading log that the notes of a pathway, up to this one, were opened; with what the gate
    of the file gives for who does not follow the person. If it cannot be written, nothing is shown."""
    record(action="operators.note.opened", target=note, by=by, data=data, now=now)


@transaction.atomic
def ask_notes(*, pathway: Pathway, by: User, now: datetime) -> NoteRequest:
    """A person asks to read the notes of a pathway: the adviser finds it on « Aujourd’hui ».

    Raises NothingToRead when there is none, RequestOpen when one waits already.
    """
    lock_person(pathway.beneficiary)
    if not selectors.has_notes(pathway=pathway):
        raise NothingToRead("Aucune note n’a été écrite sur vos entretiens.")
    if selectors.open_request(pathway=pathway) is not None:
        raise RequestOpen("Votre demande est déjà transmise à votre conseiller.")
    request = NoteRequest.objects.create(pathway=pathway, asked_at=now)
    record(action="operators.note_request.asked", target=request, by=by, now=now)
    return request


@transaction.atomic
def release_notes(
    *, request: NoteRequest, withheld: Mapping[int, str], by: User, now: datetime
) -> NoteRequest:
    """Give the person every note written by now; `withheld` maps the key of a version to its reason.

    Raises AlreadyReleased, FileRestricted.
    """
    lock_person(request.pathway.beneficiary_id)
    request = NoteRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.released_at is not None:
        raise AlreadyReleased("Ces notes sont déjà remises.")
    kept = Note.objects.filter(pathway=request.pathway_id, pk__in=list(withheld)).order_by("pk")
    WithheldNote.objects.bulk_create(
        WithheldNote(request=request, note=note, reason=WithholdReason(withheld[note.pk])) for note in kept
    )
    request.released_at, request.released_by = now, by
    request.save(update_fields=["released_at", "released_by"])
    notices.tell_released(request, now=now)
    record(
        action="operators.note_request.released",
        target=request,
        by=by,
        data={"withheld": len(kept)},
        now=now,
    )
    return request


def rotate_keys(*, batch: int = BATCH) -> int:
    """Seal again, under the newest key, each note that an older one seals; returns how many.

    Each batch is committed on its own: stopped in the middle, or run twice, it goes on where it stood.
    """
    rotated = 0
    while _sealed_before().exists():
        rotated += _rotate_batch(batch)
    return rotated


def _sealed_before() -> QuerySet[Note]:
    return Note.objects.filter(erased_at__isnull=True).exclude(key_id=encryption.present_key_id())


@transaction.atomic
def _rotate_batch(batch: int) -> int:
    notes = list(_sealed_before().select_for_update(of=("self",)).order_by("pk")[:batch])
    for note in notes:
        content = content_of(note)
        if content is not None:
            sealed = seal_content(content, uuid=note.uuid)
            note.key_id, note.sealed = sealed.key_id, sealed.data
    Note.objects.bulk_update(notes, ["key_id", "sealed"])
    return len(notes)


def erase_notes(*, beneficiary_id: int, now: datetime) -> None:
    """Empty every note of a person for good; the rows stay, and say nothing. Safe to run twice."""
    notes = Note.objects.filter(pathway__beneficiary=beneficiary_id, erased_at__isnull=True)
    notes.update(key_id="", sealed=b"", erased_at=now)
