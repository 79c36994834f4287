"""Files of a pathway: held until a verdict, refused with a virus, destroyed when taken back or erased."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from beneficiaries.request.errors import FileRestricted
from beneficiaries.rights.services.archive import build_archive
from beneficiaries.rights.services.erasure import erase_person
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.documents.errors import UploadRefused
from cep_portal.documents.gateways import storage
from operators.casework.attachments import services
from operators.casework.attachments.enums import AttachmentState
from operators.casework.attachments.errors import AlreadyRemoved, AlreadyThere, NotYours, TooManyAttachments
from operators.casework.attachments.models import Attachment
from operators.casework.attachments.tasks import scan_held
from tests.documents import samples
from tests.documents.clamd import EICAR, scanner
from tests.factories.accounts import UserFactory
from tests.factories.attachments import ADDED, AttachmentFactory, clean_attachment
from tests.factories.beneficiaries import freeze
from tests.factories.operators import PathwayFactory

pytestmark = pytest.mark.django_db
LATER = ADDED + timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def add(pathway, *, by=None, name="cv.pdf", content=None):
    agent = by or acting(pathway.adviser.user)
    return services.add_attachment(
        pathway=pathway, name=name, content=content or samples.pdf(), by=agent, now=ADDED
    )


def acting(user):
    user.mandate = user.mandates.get()
    return user


def test_added_file_is_held_under_a_random_name_outside_the_web_root(tmp_path, settings):
    attachment = add(PathwayFactory(), name="CV de Zéphyrine.pdf")

    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert attachment.state == AttachmentState.HELD
    assert attachment.file_name == "CV de Zéphyrine.pdf"
    assert "phyrine" not in str(kept)
    assert not kept.is_relative_to(settings.STATIC_ROOT)
    line = AuditEvent.objects.get(action="operators.attachment.added")
    assert line.data == {
        "pathway": attachment.pathway_id,
        "media_type": "application/pdf",
        "size": attachment.size_bytes,
    }


def test_without_a_scanner_the_file_stays_held(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        attachment = add(PathwayFactory())

    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.HELD


def test_clean_verdict_opens_the_file(settings, django_capture_on_commit_callbacks):
    with scanner(settings) as server, django_capture_on_commit_callbacks(execute=True):
        attachment = add(PathwayFactory())

    attachment.refresh_from_db()
    assert (attachment.state, len(server.seen)) == (AttachmentState.CLEAN, 1)
    assert AuditEvent.objects.filter(action="operators.attachment.clean").count() == 1


def test_eicar_is_refused_and_its_bytes_are_gone(settings, django_capture_on_commit_callbacks):
    with scanner(settings), django_capture_on_commit_callbacks(execute=True):
        attachment = add(PathwayFactory(), content=samples.pdf(EICAR + b"\n"))
        path = attachment.path

    attachment.refresh_from_db()
    assert (attachment.state, attachment.path) == (AttachmentState.INFECTED, "")
    assert not storage.exists(path)
    line = AuditEvent.objects.get(action="operators.attachment.infected")
    assert (line.actor, line.data) == (None, {"virus": "Eicar-Signature"})


def test_held_files_are_scanned_again_once_the_scanner_answers(settings):
    held = [AttachmentFactory(), AttachmentFactory(content=b"%PDF " + EICAR), AttachmentFactory()]
    assert services.scan_held(now=LATER) == 0

    with scanner(settings):
        scan_held()
        scan_held()

    states = [Attachment.objects.get(pk=attachment.pk).state for attachment in held]
    assert states == ["CLEAN", "INFECTED", "CLEAN"]


def test_a_file_taken_back_during_the_scan_stays_removed(settings):
    attachment = AttachmentFactory()
    services.remove_attachment(attachment=attachment, by=acting(attachment.added_by), now=LATER)

    with scanner(settings):
        assert services.scan_attachment(attachment_id=attachment.pk, now=LATER) == "REMOVED"


@pytest.mark.parametrize("virus", [None, "Eicar"])
def test_a_verdict_that_comes_after_the_removal_changes_nothing(virus):
    """The scanner is asked before any row is locked: the file may be taken back meanwhile."""
    attachment = AttachmentFactory()
    services.remove_attachment(attachment=attachment, by=acting(attachment.added_by), now=LATER)

    assert services._write_verdict(attachment.pk, virus, now=LATER) == "REMOVED"

    attachment.refresh_from_db()
    assert (attachment.state, attachment.scanned_at) == ("REMOVED", None)


def test_refused_file_leaves_nothing(tmp_path):
    with pytest.raises(UploadRefused):
        add(PathwayFactory(), name="virus.exe", content=b"MZ")

    assert Attachment.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_same_file_twice_is_one():
    pathway = PathwayFactory()
    add(pathway)

    with pytest.raises(AlreadyThere):
        add(pathway, name="copie.pdf")


def test_number_of_files_is_limited(settings):
    settings.PORTAL_UPLOADS_A_PATHWAY = 1
    pathway = AttachmentFactory().pathway

    with pytest.raises(TooManyAttachments):
        add(pathway)


def test_nothing_is_added_to_a_frozen_file():
    pathway = PathwayFactory()
    freeze(pathway.beneficiary, ADDED)

    with pytest.raises(FileRestricted):
        add(pathway)


def test_removed_file_is_destroyed_once(django_capture_on_commit_callbacks):
    attachment = clean_attachment()
    by, path = acting(attachment.added_by), attachment.path

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_attachment(attachment=attachment, by=by, now=LATER)

    assert not storage.exists(path)
    assert AuditEvent.objects.filter(action="operators.attachment.removed").count() == 1
    with pytest.raises(AlreadyRemoved):
        services.remove_attachment(attachment=attachment, by=by, now=LATER)


def test_nobody_removes_what_the_other_side_added():
    person = acting(UserFactory(role=Role.BENEFICIARY))
    agent = AttachmentFactory()
    own = AttachmentFactory(added_by=person, is_from_person=True)

    with pytest.raises(NotYours):
        services.remove_attachment(attachment=agent, by=person, now=LATER)
    with pytest.raises(NotYours):
        services.remove_attachment(attachment=own, by=acting(agent.added_by), now=LATER)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operators_attachment SET state = 'CLEAN'",  # no date of a verdict
        "UPDATE operators_attachment SET state = 'INFECTED', scanned_at = '2100-01-01'",  # bytes kept
        "UPDATE operators_attachment SET path = ''",
        "UPDATE operators_attachment SET sha256 = repeat('0', 64)",
        "DELETE FROM operators_attachment",
    ],
)
def test_database_refuses_a_file_without_its_verdict(statement):
    AttachmentFactory()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_database_refuses_a_file_born_clean_and_an_infected_one_cleaned():
    with pytest.raises(DatabaseError), transaction.atomic():
        AttachmentFactory(state=AttachmentState.CLEAN, scanned_at=ADDED)
    attachment = AttachmentFactory()
    Attachment.objects.filter(pk=attachment.pk).update(state="INFECTED", scanned_at=ADDED, path="")
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(state="CLEAN", path="x")


def test_database_refuses_the_same_bytes_twice_on_a_pathway():
    attachment = AttachmentFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        AttachmentFactory(pathway=attachment.pathway, content=storage.read(attachment.path))


def test_erasure_destroys_files_and_names(django_capture_on_commit_callbacks):
    kept, held = clean_attachment(file_name="canari.pdf"), AttachmentFactory()
    held_path, path = held.path, kept.path

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            erase_person(beneficiary=kept.pathway.beneficiary, now=LATER, by=None, is_compulsory=True)

    kept.refresh_from_db()
    assert (kept.file_name, kept.state, kept.path) == ("", AttachmentState.REMOVED, "")
    assert (storage.exists(path), storage.exists(held_path)) == (False, True)


def test_the_person_s_copy_holds_the_clean_files():
    own = clean_attachment(file_name="cv.pdf", content=b"%PDF canari")
    AttachmentFactory(pathway=own.pathway)

    import io
    import zipfile

    with zipfile.ZipFile(
        io.BytesIO(build_archive(beneficiary=own.pathway.beneficiary, now=LATER))
    ) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if "fichier-" in name}
    assert files == {"documents/fichier-01-cv.pdf": b"%PDF canari"}


def test_altered_bytes_are_never_given(tmp_path):
    attachment = clean_attachment()
    (tmp_path / attachment.path).write_bytes(b"other")

    with pytest.raises(ValueError, match="altered"):
        services.content_of(attachment)


def test_picture_sent_again_is_said_to_be_there_before_it_is_opened(settings):
    """What is kept was drawn again: its print is not the one of what was sent."""
    pathway, sent = PathwayFactory(), samples.located_picture()
    kept = add(pathway, name="photo.jpg", content=sent)

    with pytest.raises(AlreadyThere):
        add(pathway, name="photo.txt", content=sent)  # of a kind that opening would refuse

    assert kept.sent_sha256 != kept.sha256
    assert add(PathwayFactory(), name="photo.jpg", content=sent).pk != kept.pk
