"""The pages of files: who adds, who opens, what a browser is told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from beneficiaries.rights.selectors import opening_lines, openings
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.casework.attachments.models import Attachment
from tests.documents import samples
from tests.factories.accounts import UserFactory
from tests.factories.attachments import AttachmentFactory, clean_attachment
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


@pytest.fixture
def pathway(client):
    pathway = PathwayFactory()
    client.force_login(pathway.adviser.user)
    return pathway


def sent(content=None, name="cv.pdf"):
    return {"file": SimpleUploadedFile(name, content or samples.pdf(), "text/html")}


def person_of(pathway):
    user = UserFactory(role=Role.BENEFICIARY)
    pathway.beneficiary.user = user
    pathway.beneficiary.save()
    return user


def test_adviser_adds_a_file_that_says_it_is_held(client, pathway):
    url = reverse("operators:attachment_list", args=[pathway.uuid])

    page = client.post(url, sent(), follow=True)

    attachment = Attachment.objects.get()
    assert (attachment.is_from_person, attachment.media_type) == (False, "application/pdf")
    assert "en attente de l’antivirus" in page.text
    assert reverse("operators:attachment", args=[attachment.uuid]) + '"' not in page.text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({}, "Choisissez un fichier."),
        (sent(b"<html>"), "n’est pas celui d’un PDF"),
        (sent(b"MZ", "a.exe"), "n’est pas accepté"),
    ],
)
def test_refused_file_says_why_beside_its_question(client, pathway, file, words):
    page = client.post(reverse("operators:attachment_list", args=[pathway.uuid]), file)

    assert words in page.text
    assert Attachment.objects.count() == 0


def test_too_big_a_file_is_refused_before_it_is_read(client, pathway, settings):
    settings.PORTAL_UPLOAD_MAX_BYTES = 1024 * 1024

    page = client.post(
        reverse("operators:attachment_list", args=[pathway.uuid]), sent(b"%PDF" + b" " * 1024 * 1024)
    )

    assert "Ce fichier dépasse 1 Mo." in page.text


def test_clean_file_is_saved_never_shown_and_the_opening_is_written(client, pathway):
    attachment = clean_attachment(pathway=pathway, content=b"%PDF canari", file_name="mon cv.pdf")

    response = client.get(reverse("operators:attachment", args=[attachment.uuid]))

    assert response.content == b"%PDF canari"
    assert response["Content-Disposition"] == 'attachment; filename="mon cv.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.get(action="operators.attachment.opened").target_id == attachment.pk
    person = pathway.beneficiary
    (opening,) = openings(beneficiary=person, lines=list(opening_lines(beneficiary=person)))
    assert opening.label == "Fichier du parcours"


def test_held_file_is_given_to_nobody(client, pathway):
    attachment = AttachmentFactory(pathway=pathway, content=b"%PDF canari")
    user = person_of(pathway)

    for page, who in (("attachment", pathway.adviser.user), ("own_attachment", user)):
        client.force_login(who)
        response = client.get(reverse(f"operators:{page}", args=[attachment.uuid]), follow=True)
        assert "en attente de l’antivirus" in response.text
        assert "canari" not in response.text
    assert AuditEvent.objects.filter(action="operators.attachment.opened").count() == 0


def test_person_adds_opens_and_takes_back(client, pathway):
    CounsellingSessionFactory(pathway=pathway)
    client.force_login(person_of(pathway))
    manage = reverse("operators:own_attachments")
    assert "Mes fichiers</a>" in client.get("/mon-espace/").text

    client.post(manage, sent(samples.picture(), "photo.jpg"))

    attachment = Attachment.objects.get()
    assert (attachment.pathway, attachment.is_from_person) == (pathway, True)
    assert "photo.jpg" in client.get(manage).text
    client.post(reverse("operators:own_attachment_remove", args=[attachment.uuid]))
    assert "photo.jpg" not in client.get(manage).text


def test_person_opens_what_the_adviser_added_but_does_not_remove_it(client, pathway):
    attachment = clean_attachment(pathway=pathway)
    client.force_login(person_of(pathway))

    assert client.get(reverse("operators:own_attachment", args=[attachment.uuid])).status_code == 200
    refused = client.post(reverse("operators:own_attachment_remove", args=[attachment.uuid]), follow=True)

    assert "ajouté par quelqu’un d’autre" in refused.text
    assert Attachment.objects.get().state == "CLEAN"


def test_person_without_pathway_is_told_when(client):
    user = UserFactory(role=Role.BENEFICIARY)
    pathway = PathwayFactory(beneficiary__user=user)
    pathway.delete()
    client.force_login(user)

    assert "après votre premier entretien" in client.get(reverse("operators:own_attachments")).text


def test_another_operator_s_adviser_and_another_person_find_nothing(client, pathway):
    attachment = clean_attachment(pathway=pathway)
    client.force_login(AdviserFactory().user)
    assert client.get(reverse("operators:attachment_list", args=[pathway.uuid])).status_code == 404
    assert client.get(reverse("operators:attachment", args=[attachment.uuid])).status_code == 404
    client.force_login(UserFactory(role=Role.BENEFICIARY))
    assert client.get(reverse("operators:own_attachment", args=[attachment.uuid])).status_code == 404


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.OPERATOR_MANAGER])
def test_who_books_or_manages_opens_no_file(client, pathway, role):
    attachment = clean_attachment(pathway=pathway)
    client.force_login(UserFactory(role=role, role__organisation=pathway.contract.holder))

    for name, uuid in (("attachment_list", pathway.uuid), ("attachment", attachment.uuid)):
        assert client.get(reverse(f"operators:{name}", args=[uuid])).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(client, pathway, django_assert_num_queries, count):
    for _ in range(count):
        clean_attachment(pathway=pathway)

    with django_assert_num_queries(5):  # session, user, mandates, pathway, files
        page = client.get(reverse("operators:attachment_list", args=[pathway.uuid]))

    assert len(page.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 4])
def test_own_list_query_count_is_constant(client, pathway, django_assert_num_queries, count):
    for _ in range(count):
        clean_attachment(pathway=pathway)
    client.force_login(person_of(pathway))

    with django_assert_num_queries(7):  # session, user, mandates, is it frozen, person, pathway, files
        page = client.get(reverse("operators:own_attachments"))

    assert len(page.context["rows"]) == count
