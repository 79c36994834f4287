"""The copy as a person reads it: in French, on a narrow screen, nothing empty, what is missing said (15)."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from beneficiaries.rights.services.archive import build_archive
from cep_portal.documents.gateways import storage
from operators.casework.attachments.enums import AttachmentState
from operators.casework.attachments.models import Attachment
from operators.moving.transfers.models import TransferItem
from tests.beneficiaries.rights.people import NOW, somebody
from tests.factories.attachments import AttachmentFactory, clean_attachment
from tests.factories.notes import NoteFactory, NoteRequestFactory
from tests.factories.plans import ActionFactory, ActionMoveFactory, ObjectiveFactory
from tests.factories.referrals import ReferralFactory
from tests.factories.reporting import SurveyFactory
from tests.factories.situations import RectificationFactory, SituationFactory
from tests.factories.summaries import SummaryFactory
from tests.factories.transfers import prepared, receiving_adviser

pytestmark = pytest.mark.django_db
CANARY = "canari-jaune-7431"
# What a machine writes: column names, stored codes, instants, keys of a mapping, a class.
MACHINE = [
    r"\b[a-z]+_[a-z_]+\b",
    r"\b[A-Z]{2,}_[A-Z_]+\b",
    r"\b\d{4}-\d{2}-\d{2}",
    r"\b(None|True|False|null|DateRange|datetime)\b",
    r"\b[a-z]+\.[a-z_]+\.[a-z_]+\b",
    r"[{}]",
    r"\b(lines|facts|objectives|sessions|occupations|title|state)\b",
]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def page_of(person) -> str:
    with zipfile.ZipFile(io.BytesIO(build_archive(beneficiary=person.row, now=NOW))) as archive:
        return archive.read("mes-donnees.html").decode()


def words_of(page: str) -> str:
    return strip_tags(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))


def whole():
    """Somebody with something in each part that may hold a code or a mapping."""
    person = somebody(coming=NOW + timedelta(days=7))
    objective = ObjectiveFactory(plan__pathway=person.pathway)
    ActionMoveFactory(action=ActionFactory(objective=objective), kind="COMMENTED", comment="Vu.")
    plan = {
        "occupations": ["Boulanger"],
        "themes": [],
        "sessions": 1,
        "objectives": [{"title": "Se former", "actions": [{"title": "Appeler", "state": "à faire"}]}],
    }
    SummaryFactory(pathway=person.pathway, proposed=True, content=plan, themes=["SITUATION"])
    SituationFactory(pathway=person.pathway)
    RectificationFactory(pathway=person.pathway)
    ReferralFactory(pathway=person.pathway)
    SurveyFactory(pathway=person.pathway)
    NoteFactory(pathway=person.pathway, text=CANARY)
    receiving_adviser()
    prepared(pathway=person.pathway, now=NOW)
    return person


def test_the_copy_is_in_french_without_a_word_of_the_machine():
    text = words_of(page_of(whole()))

    assert [word for shape in MACHINE for word in re.findall(shape, text)] == []
    assert "Se former" in text
    assert "métier : Boulanger" in text


def test_an_act_of_the_journal_is_said_in_words():
    from cep_portal.accounts.services import record

    person = somebody()
    record(action="operators.summary.accepted", target=person.row, by=person.user, now=NOW)

    assert "Votre document de synthèse : accepté" in page_of(person)


def test_empty_parts_are_left_out_of_the_document():
    page = page_of(somebody())

    assert "Rien n’est gardé ici" not in page
    assert "Vos orientations vers d’autres services" not in page
    assert "(0)" not in page


def test_the_document_bears_a_narrow_screen():
    """Long words break, no width is fixed, and the page says how wide it is."""
    page = page_of(somebody())

    assert 'name="viewport"' in page
    assert "overflow-wrap: anywhere" in page
    assert re.findall(r"[^-]width:\s*\d+px|<table|<pre", page) == []


def held_file(pathway, state: AttachmentState, name: str) -> None:
    attachment = clean_attachment(pathway=pathway, file_name=name)
    if state == AttachmentState.REMOVED:
        storage.destroy(attachment.path)
        Attachment.objects.filter(pk=attachment.pk).update(state=state, removed_at=NOW, path="")


def test_the_copy_says_which_held_files_are_not_enclosed_and_why():
    person = somebody()
    AttachmentFactory(pathway=person.pathway, file_name="attend.pdf")
    held_file(person.pathway, AttachmentState.REMOVED, "retire.pdf")
    clean_attachment(pathway=person.pathway, file_name="donne.pdf")

    page = page_of(person)
    missing = page.split('id="non-joint"')[1].split("</section>")[0]

    assert "attend.pdf" in missing
    assert "Il attend le verdict de l’antivirus" in missing
    assert "retire.pdf" in missing
    assert "Son contenu est détruit" in missing
    assert "donne.pdf" not in missing


def test_nothing_is_said_missing_when_all_is_there():
    assert "Ce qui n’est pas joint" not in page_of(somebody())


def test_the_inventory_of_a_transfer_never_holds_the_words_of_a_note(client):
    """What the person reads of a transfer: who wrote when. The words come with the release (RGPD, 15.4)."""
    person = whole()
    transfer = person.pathway.transfers.get()
    client.force_login(person.user)

    page = client.get(f"/mon-espace/transferts/{transfer.uuid}/", follow=True).text

    assert "note d’entretien" in page
    assert CANARY not in page
    assert [item.pk for item in TransferItem.objects.all() if CANARY in f"{item.title}{item.content}"] == []
    assert CANARY not in page_of(person)


def test_a_note_released_is_in_the_copy_of_its_person():
    from operators.casework.notes.services import release_notes

    person = whole()
    asked = NoteRequestFactory(pathway=person.pathway)
    release_notes(request=asked, withheld={}, by=person.pathway.adviser.user, now=NOW)

    assert CANARY in page_of(person)
