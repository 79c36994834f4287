"""Keys that rotate, the person's copy, the erasure, and what no dump nor search shows."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from beneficiaries.rights.services.archive import build_archive
from beneficiaries.rights.services.erasure import erase_person
from cep_portal.accounts.enums import Role
from cep_portal.common.encryption import SealBroken, new_key, present_key_id
from operators.casework.notes import services
from operators.casework.notes.models import Note
from operators.casework.notes.selectors.content import content_of
from tests.beneficiaries.rights.people import NOW, found_in_base
from tests.factories.accounts import UserFactory
from tests.factories.notes import NoteFactory, NoteRequestFactory

pytestmark = pytest.mark.django_db
CANARY = "canari-jaune-7431"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def rotate(batch=2):
    out = io.StringIO()
    call_command("rotate_note_keys", batch=batch, stdout=out)
    return out.getvalue()


def test_rotation_seals_every_note_under_the_newest_key_in_batches_and_twice(settings):
    old, new = new_key(), new_key()
    settings.PORTAL_NOTE_KEYS = old
    notes = [NoteFactory(text=f"{CANARY} {number}") for number in range(5)]
    before = {note.pk: bytes(note.sealed) for note in notes}
    settings.PORTAL_NOTE_KEYS = f"{new},{old}"

    assert rotate().startswith("5 note(s)")
    assert rotate().startswith("0 note(s)")

    settings.PORTAL_NOTE_KEYS = new
    rows = Note.objects.order_by("pk")
    assert {note.key_id for note in rows} == {present_key_id()}
    assert [bytes(note.sealed) == before[note.pk] for note in rows] == [False] * 5
    assert [content_of(note).text for note in rows] == [f"{CANARY} {number}" for number in range(5)]


def test_rotation_stops_at_a_note_whose_key_is_lost_and_writes_nothing_of_its_batch(settings):
    NoteFactory()
    settings.PORTAL_NOTE_KEYS = new_key()

    with pytest.raises(SealBroken):
        services.rotate_keys()

    assert Note.objects.exclude(key_id=present_key_id()).count() == 1


def test_no_table_holds_a_word_of_a_note():
    NoteFactory(text=CANARY)

    assert found_in_base(CANARY, CANARY.encode().hex()) == []


def release(note, *, withheld=None, now=NOW):
    asked = NoteRequestFactory(pathway=note.pathway)
    services.release_notes(request=asked, withheld=withheld or {}, by=note.author.user, now=now)


def test_the_person_s_copy_holds_the_notes_released_and_nobody_else_s():
    own, other = NoteFactory(text=CANARY), NoteFactory(text="pas à moi")
    release(own)
    release(other)

    archive = text_of(build_archive(beneficiary=own.pathway.beneficiary, now=NOW))

    assert CANARY in archive
    assert "pas à moi" not in archive
    assert CANARY not in text_of(build_archive(beneficiary=other.pathway.beneficiary, now=NOW))


def test_the_copy_gives_no_note_before_the_release_that_protects_others():
    """RGPD, article 15.4: a note may speak of somebody else; an adviser reads it again first."""
    note = NoteFactory(text=CANARY)

    archive = text_of(build_archive(beneficiary=note.pathway.beneficiary, now=NOW))

    assert CANARY not in archive
    assert "non remise : pas encore relue pour vous être remise" in archive
    assert "Ce qui n’est pas joint, et pourquoi" in archive
    assert "Note d’entretien du vendredi 20 novembre 2026" in archive


def test_the_copy_gives_no_note_written_since_the_release():
    note = NoteFactory(text="relue")
    release(note)
    NoteFactory(pathway=note.pathway, text=CANARY, written_at=NOW + timedelta(days=1))

    archive = text_of(build_archive(beneficiary=note.pathway.beneficiary, now=NOW + timedelta(days=2)))

    assert "relue" in archive
    assert CANARY not in archive


def test_the_copy_says_why_a_note_is_kept_back():
    note = NoteFactory(text=CANARY)
    release(note, withheld={note.pk: "OTHER_PERSON"})

    archive = text_of(build_archive(beneficiary=note.pathway.beneficiary, now=NOW))

    assert CANARY not in archive
    assert "non remise : elle livrerait la vie privée d’une autre personne" in archive


def text_of(archive: bytes) -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return "".join(opened.read(name).decode() for name in ("donnees.json", "mes-donnees.html"))


def test_erasure_empties_the_notes_for_good():
    note = NoteFactory(text=CANARY)

    erase_person(beneficiary=note.pathway.beneficiary, now=NOW, by=None, is_compulsory=True)
    erase_person(beneficiary=note.pathway.beneficiary, now=NOW, by=None, is_compulsory=True)

    note.refresh_from_db()
    assert (bytes(note.sealed), note.key_id, note.erased_at, content_of(note)) == (b"", "", NOW, None)


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.OPERATOR_MANAGER])
def test_search_of_people_never_looks_into_notes(client, role):
    note = NoteFactory(text=CANARY)
    user = UserFactory(role=role, role__organisation=note.pathway.contract.holder)
    client.force_login(user)

    for name in ("operators:caller_search", "operators:pathway_list"):
        page = client.post(reverse(name), {"recherche": CANARY, "q": CANARY, "name": CANARY}, follow=True)
        assert note.pathway.beneficiary.full_name not in page.text
