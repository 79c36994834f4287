from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.common.days import months_later
from operators.casework.notes.models import Note, NoteRequest, WithheldNote
from operators.casework.notes.selectors.content import Content, content_of
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.network.models import Adviser

MONTHS_TO_ANSWER = 1  # RGPD, article 12.3


@dataclass(frozen=True)
class Page:
    """One note as it is read: its last version, then the earlier ones."""

    note: Note
    content: Content
    former: tuple[tuple[Note, Content], ...] = ()


@dataclass(frozen=True)
class Given:
    """What one answer gives a person: the notes, and those kept back with the reason said."""

    request: NoteRequest
    pages: tuple[Page, ...]
    withheld: tuple[WithheldNote, ...]


def pathway_of(*, user: User, uuid: UUID) -> Pathway | None:
    """One pathway with its person and its sessions, latest first; two queries."""
    sessions = CounsellingSession.objects.order_by("-starts_at", "-pk")
    return (
        Pathway.objects.visible_to(user)
        .filter(uuid=uuid)
        .select_related("beneficiary", "adviser__user", "adviser__site", "contract")
        .prefetch_related(Prefetch("sessions", queryset=sessions))
        .first()
    )


def _versions(notes: QuerySet[Note]) -> QuerySet[Note]:
    return (
        notes.filter(erased_at__isnull=True)
        .select_related("author__user", "author__site", "session")
        .order_by("-written_at", "-pk")
    )


def notes_of(*, pathway: Pathway, user: User) -> QuerySet[Note]:
    """Every version of a pathway's notes, latest first; one query."""
    return _versions(Note.objects.visible_to(user).filter(pathway=pathway))


def note_of(*, user: User, uuid: UUID) -> Note | None:
    """The version to correct: the last of the note of an address, whoever wrote it meanwhile."""
    notes = Note.objects.visible_to(user).filter(erased_at__isnull=True)
    notes = notes.select_related("pathway__beneficiary", "pathway__adviser__site", "author__user", "session")
    note = notes.filter(uuid=uuid).first()
    while note is not None and (later := notes.filter(corrects=note).first()) is not None:
        note = later
    return note


def pages(versions: Sequence[Note]) -> list[Page]:
    """Versions, opened and put together: the last of each note, latest note first. No query."""
    known = {note.pk: note for note in versions}
    corrected = {note.corrects_id for note in versions}
    shown = []
    for last in (note for note in versions if note.pk not in corrected):
        chain, former = last, []
        while chain.corrects_id in known:
            chain = known[chain.corrects_id]
            former.append(chain)
        shown.append(Page(last, _opened(last), tuple((note, _opened(note)) for note in former)))
    return shown


def _opened(note: Note) -> Content:
    content = content_of(note)
    if content is None:
        raise ValueError(f"erased notes are left out before: {note.uuid}")
    return content


def open_request(*, pathway: Pathway) -> NoteRequest | None:
    return NoteRequest.objects.filter(pathway=pathway, released_at__isnull=True).first()


def request_of(*, user: User, uuid: UUID) -> NoteRequest | None:
    """An unanswered request of the adviser's organisation, with its pathway and person."""
    own = Pathway.objects.visible_to(user).values("pk")
    requests = NoteRequest.objects.select_related("pathway__beneficiary", "pathway__adviser__site")
    return requests.filter(uuid=uuid, pathway__in=own, released_at__isnull=True).first()


def requests_to_answer(*, adviser: Adviser) -> QuerySet[NoteRequest]:
    """What the people an adviser follows ask to read, oldest first."""
    waiting = NoteRequest.objects.filter(
        released_at__isnull=True,
        pathway__adviser=adviser,
        pathway__beneficiary__restricted_at__isnull=True,
        pathway__beneficiary__erased_at__isnull=True,
    )
    return waiting.select_related("pathway__beneficiary").order_by("asked_at", "pk")


def answer_by(request: NoteRequest) -> datetime:
    """Until when the notes are due to the person."""
    return months_later(request.asked_at, MONTHS_TO_ANSWER)


def present_pathway(*, beneficiary: Beneficiary) -> Pathway | None:
    """The person's present pathway, else the last one."""
    own = Pathway.objects.filter(beneficiary=beneficiary, joined_into__isnull=True)
    latest = own.order_by(F("closed_at").desc(nulls_first=True), "-entered_on", "-pk")
    return latest.select_related("contract__holder").first()


def has_notes(*, pathway: Pathway) -> bool:
    return Note.objects.filter(pathway=pathway, erased_at__isnull=True).exists()


def note_facts(*, pathway: Pathway) -> dict:
    """How many notes a pathway has, of when the last is, and the request that waits; one query."""
    waiting = NoteRequest.objects.filter(pathway=OuterRef("pk"), released_at__isnull=True)
    kept = Q(notes__erased_at__isnull=True, notes__corrected_by__isnull=True)
    facts = Pathway.objects.filter(pk=pathway.pk).annotate(
        note_count=Count("notes", filter=kept),
        last_note_at=Max("notes__written_at", filter=kept),
        asked=Subquery(waiting.values("uuid")[:1]),
    )
    return dict(facts.values("note_count", "last_note_at", "asked").get())


def given_notes(*, pathway: Pathway) -> Given | None:
    """The last answer a person received about a pathway, opened for the person; three queries."""
    answered = NoteRequest.objects.filter(pathway=pathway, released_at__isnull=False)
    request = answered.order_by("-released_at", "-pk").first()
    if request is None:
        return None
    withheld = list(
        WithheldNote.objects.filter(request=request).select_related("note").order_by("note__written_at", "pk")
    )
    kept = [withheld_note.note_id for withheld_note in withheld]
    given = Note.objects.filter(pathway=pathway, written_at__lte=request.released_at).exclude(pk__in=kept)
    return Given(request, tuple(pages(list(_versions(given)))), tuple(withheld))


def release_of(note: Note) -> tuple[bool, WithheldNote | None]:
    """Whether the last answer to the person covers a note, and why that answer kept it back, if it did.

    An adviser reads every note again before an answer, for what it says of others: nothing else releases one.
    """
    answered = NoteRequest.objects.filter(pathway=note.pathway_id, released_at__gte=note.written_at)
    request = answered.order_by("-released_at", "-pk").first()
    if request is None:
        return False, None
    withheld = WithheldNote.objects.filter(request=request, note=note).first()
    return withheld is None, withheld
