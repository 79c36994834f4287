"""Writing, correcting, asking and releasing notes: each refusal, each wall, each line of the journal."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from beneficiaries.request.errors import FileRestricted
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.casework.notes import selectors, services
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
from operators.casework.notes.selectors.content import Content, content_of
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.errors import PathwayTransferred
from operators.casework.pathways.models import Pathway
from tests.factories.beneficiaries import freeze
from tests.factories.notes import WRITTEN, NoteFactory, NoteRequestFactory
from tests.factories.operators import CounsellingSessionFactory, PathwayFactory
from tests.messages import composed

pytestmark = pytest.mark.django_db
CANARY = "canari-jaune-7431"
LATER = WRITTEN + timedelta(days=3)


def write(pathway, text=CANARY, **details):
    content = Content(("SKILLS",), ("HESITATES",), text)
    return services.write_note(
        pathway=pathway, author=pathway.adviser, now=WRITTEN, **{"content": content, **details}
    )


def dump(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
        return [row for (row,) in cursor.fetchall()]


def test_note_is_sealed_in_the_table_and_read_again():
    session = CounsellingSessionFactory()

    note = write(session.pathway, session=session)

    (row,) = dump("operators_note")
    assert CANARY not in row
    assert CANARY.encode().hex() not in row
    assert "SKILLS" not in row
    assert content_of(Note.objects.get(pk=note.pk)) == Content(("SKILLS",), ("HESITATES",), CANARY)


def test_journal_says_that_a_note_was_written_and_nothing_of_it():
    note = write(PathwayFactory())

    line = AuditEvent.objects.get(action="operators.note.written")
    assert (line.target_id, line.actor, line.data) == (
        note.pk,
        note.author.user,
        {"pathway": note.pathway_id, "version": 1},
    )


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (Content(text="   "), NoteEmpty),
        (Content(text="a" * 8001), NoteTooLong),
        (Content(text="Son numéro : 2 84 05 35 238 015 12"), NirInNote),
        (Content(text="Elle est en dépression."), SensitiveWords),
    ],
)
def test_note_is_refused(content, refusal):
    with pytest.raises(refusal):
        write(PathwayFactory(), content=content)

    assert Note.objects.count() == 0


def test_nir_is_refused_whatever_the_reason():
    with pytest.raises(NirInNote):
        write(PathwayFactory(), text="284053523801512", keep_reason=KeepReason.PERSON_ASKED)


def test_sensitive_word_stays_with_a_reason_that_the_journal_keeps_without_the_word():
    write(PathwayFactory(), text="Demande un poste adapté : RQTH.", keep_reason=KeepReason.PERSON_ASKED)

    line = AuditEvent.objects.get(action="operators.note.written")
    assert line.data["sensitive"] == ["health"]
    assert line.data["kept_because"] == "PERSON_ASKED"
    assert "RQTH" not in json.dumps(line.data)


def test_an_unknown_reason_keeps_nothing():
    with pytest.raises(SensitiveWords):
        write(PathwayFactory(), text="RQTH", keep_reason="BECAUSE")


def test_nothing_is_written_on_a_frozen_or_erased_file():
    pathway = PathwayFactory()
    freeze(pathway.beneficiary, WRITTEN)

    with pytest.raises(FileRestricted):
        write(pathway)


def test_notes_of_a_pathway_given_away_are_only_read():
    pathway = PathwayFactory()
    first = write(pathway)
    Pathway.objects.update(state=PathwayState.CLOSED, closed_at=WRITTEN, outcome=ClosingOutcome.TRANSFERRED)

    with pytest.raises(PathwayTransferred):
        services.correct_note(note=first, content=Content(text="mieux"), author=first.author, now=LATER)
    with pytest.raises(PathwayTransferred):
        write(pathway)

    assert Note.objects.count() == 1


def test_correction_is_a_version_and_the_former_one_stays():
    first = write(PathwayFactory())

    second = services.correct_note(note=first, content=Content(text="mieux"), author=first.author, now=LATER)

    (page,) = selectors.pages(list(Note.objects.order_by("-pk")))
    assert (page.note, page.content.text, second.version) == (second, "mieux", 2)
    assert [(note.pk, content.text) for note, content in page.former] == [(first.pk, CANARY)]
    assert AuditEvent.objects.filter(action="operators.note.corrected", target_id=second.pk).count() == 1


def test_a_version_is_corrected_once():
    first = write(PathwayFactory())
    services.correct_note(note=first, content=Content(text="un"), author=first.author, now=LATER)

    with pytest.raises(NoteAlreadyCorrected):
        services.correct_note(note=first, content=Content(text="deux"), author=first.author, now=LATER)

    assert Note.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operators_note SET sealed = 'x'::bytea",
        "UPDATE operators_note SET written_at = written_at - interval '1 day'",
        "UPDATE operators_note SET author_id = author_id + 1",
        "UPDATE operators_note SET key_id = ''",
        "DELETE FROM operators_note",
    ],
)
def test_database_refuses_to_change_or_delete_a_note(statement):
    write(PathwayFactory())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_database_refuses_a_correction_or_a_session_of_another_pathway():
    first, elsewhere = NoteFactory(), CounsellingSessionFactory()

    with pytest.raises(IntegrityError, match="note_of_one_pathway"), transaction.atomic():
        NoteFactory(pathway=elsewhere.pathway, corrects=first, version=2)
    with pytest.raises(IntegrityError, match="note_of_one_pathway"), transaction.atomic():
        NoteFactory(pathway=first.pathway, session=elsewhere)


def test_notes_are_asked_once_until_answered():
    note = NoteFactory()
    by = note.author.user

    request = services.ask_notes(pathway=note.pathway, by=by, now=LATER)

    assert AuditEvent.objects.get(action="operators.note_request.asked").target_id == request.pk
    with pytest.raises(RequestOpen):
        services.ask_notes(pathway=note.pathway, by=by, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoteRequestFactory(pathway=note.pathway)


def test_nothing_is_asked_where_nothing_is_written():
    pathway = PathwayFactory()

    with pytest.raises(NothingToRead):
        services.ask_notes(pathway=pathway, by=pathway.adviser.user, now=LATER)


def test_released_notes_are_those_of_the_day_and_the_person_is_told_without_a_word_of_them():
    note = NoteFactory(text=CANARY)
    asked = NoteRequestFactory(pathway=note.pathway)
    agent = note.author.user

    services.release_notes(request=asked, withheld={}, by=agent, now=LATER)
    NoteFactory(pathway=note.pathway, written_at=LATER + timedelta(days=1))

    given = selectors.given_notes(pathway=note.pathway)
    assert [page.content.text for page in given.pages] == [CANARY]
    message = composed(Message.objects.get())
    assert message.subject == "La réponse à votre demande"
    assert CANARY not in message.body
    line = AuditEvent.objects.get(action="operators.note_request.released")
    assert (line.actor, line.data) == (agent, {"withheld": 0})


def test_a_note_is_kept_back_for_a_reason_that_the_person_reads():
    note = NoteFactory(text=CANARY)
    asked = NoteRequestFactory(pathway=note.pathway)

    services.release_notes(
        request=asked,
        withheld={note.pk: WithholdReason.OTHER_PERSON},
        by=note.author.user,
        now=LATER,
    )

    given = selectors.given_notes(pathway=note.pathway)
    assert given.pages == ()
    assert [withheld_note.reason for withheld_note in given.withheld] == [WithholdReason.OTHER_PERSON]


def test_a_note_of_somebody_else_is_never_kept_back_in_an_answer():
    note, foreign = NoteFactory(), NoteFactory()
    asked = NoteRequestFactory(pathway=note.pathway)

    services.release_notes(
        request=asked, withheld={foreign.pk: "OTHER_PERSON"}, by=note.author.user, now=LATER
    )

    assert WithheldNote.objects.count() == 0


def test_notes_are_released_once():
    note = NoteFactory()
    asked = NoteRequestFactory(pathway=note.pathway)
    services.release_notes(request=asked, withheld={}, by=note.author.user, now=LATER)

    with pytest.raises(AlreadyReleased):
        services.release_notes(request=asked, withheld={}, by=note.author.user, now=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        NoteRequest.objects.update(released_at=LATER + timedelta(days=1))
