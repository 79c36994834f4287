import hashlib
import re
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from beneficiaries.rights.services.erasure import erase_person
from beneficiaries.rights.services.restriction import restrict_file
from cep_portal.accounts.enums import Role
from cep_portal.documents.services import file_exists, read_document
from operators.casework.pathways.hooks import Day
from operators.casework.summaries.contributions import awaited_summaries
from operators.casework.summaries.enums import SummaryState
from operators.casework.summaries.models import SummaryDocument, SummaryReading, SummaryShare
from operators.casework.summaries.services import propose_summary
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.plans import ActionFactory
from tests.factories.summaries import SummaryFactory, SummaryReadingFactory, SummaryShareFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(role=Role.BENEFICIARY)


@pytest.fixture
def pathway(person):
    beneficiary = BeneficiaryFactory(user=person, first_name="Alix", last_name="Moreau")
    return PathwayFactory(adviser=AdviserFactory(), beneficiary=beneficiary)


@pytest.fixture
def adviser(client, pathway):
    client.force_login(pathway.adviser.user)
    return pathway.adviser


def text(response):
    return " ".join(response.content.decode().split())


def accepted_by_the_person(client, pathway):
    """Accepted by the pages, with the real file."""
    ActionFactory(objective__plan__pathway=pathway, title="Lire dix offres")
    CounsellingSessionFactory(pathway=pathway)
    summary = SummaryFactory(pathway=pathway)
    propose_summary(summary=summary, by=pathway.adviser.user, now=timezone.now())
    client.force_login(pathway.beneficiary.user)
    client.post(reverse("operators:own_summary_accept", args=[summary.uuid]), {"proposition": "1"})
    summary.refresh_from_db()
    return summary


def test_adviser_writes_and_proposes(client, adviser, pathway):
    url = reverse("operators:summary", args=[pathway.uuid])

    empty = client.get(url)
    client.post(reverse("operators:summary_start", args=[pathway.uuid]))
    nothing = client.post(url, {"acte": "proposer"})
    client.post(url, {"project": "Boulangère", "acte": "garder"})
    client.post(url, {"project": "Boulangère", "acte": "proposer"})
    waiting = client.get(url)
    late = client.post(url, {"project": "Autre"}, follow=True)

    summary = SummaryDocument.objects.get()
    assert "Aucune version en cours" in text(empty)
    assert "Écrivez au moins une rubrique" in text(nothing)
    assert (summary.state, summary.project) == (SummaryState.PROPOSED, "Boulangère")
    assert "n’a pas encore répondu" in text(waiting)
    assert "ne s’écrit plus" in text(late)
    client.post(reverse("operators:summary_withdraw", args=[summary.uuid]))
    client.post(reverse("operators:summary_propose", args=[summary.uuid]))
    summary.refresh_from_db()
    assert summary.revision == 2


def test_person_asks_a_correction_that_the_adviser_reads(client, pathway, person):
    summary = SummaryFactory(pathway=pathway, proposed=True)
    client.force_login(person)
    url = reverse("operators:own_summary", args=[summary.uuid])

    empty = client.post(url, {"words": ""})
    home = client.get(reverse("beneficiaries:space"))
    back = client.post(url, {"words": "Je ne suis pas caissière"}, follow=True)

    assert "Dites ce qui est à corriger." in text(empty)
    assert "Un document attend votre accord" in text(home)
    assert "En correction" in text(back)
    assert summary.project not in text(back)
    client.force_login(pathway.adviser.user)
    assert "Je ne suis pas caissière" in text(client.get(reverse("operators:summary", args=[pathway.uuid])))


def test_accepted_file_is_tagged_and_says_who_accepted_what(client, pathway):
    summary = accepted_by_the_person(client, pathway)

    content = read_document(summary.document)

    with pikepdf.open(BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
    for words in ("Alix Moreau", "Devenir boulangère.", "Lire dix offres"):
        assert words in said
    assert summary.document.check_code in said
    assert hashlib.sha256(content).hexdigest() == summary.document.sha256


def test_accepting_another_proposal_than_the_one_read_is_refused(client, pathway, person):
    summary = SummaryFactory(pathway=pathway, proposed=True)
    client.force_login(person)

    page = client.post(
        reverse("operators:own_summary_accept", args=[summary.uuid]), {"proposition": "x"}, follow=True
    )

    summary.refresh_from_db()
    assert "a changé depuis que vous l’avez ouvert" in text(page)
    assert summary.state == SummaryState.PROPOSED


def test_check_page_tells_the_accepted_bytes_from_changed_ones(client, pathway):
    summary = accepted_by_the_person(client, pathway)
    content = read_document(summary.document)
    url = reverse("documents:check", args=[summary.document.check_code])
    client.logout()

    def sent(**facts):
        return text(client.post(url, facts))

    plain = text(client.get(url))
    assert "Ce document est authentique" in plain
    assert "Moreau" not in plain
    assert "Votre fichier est bien celui-là" in sent(file=SimpleUploadedFile("a.pdf", content))
    assert "Votre fichier est bien celui-là" in sent(sha256=summary.document.sha256.upper())
    assert "Votre fichier a été modifié" in sent(file=SimpleUploadedFile("a.pdf", content[:-1] + b"X"))
    assert "Votre fichier a été modifié" in sent(sha256="0" * 64)
    assert "64 chiffres hexadécimaux" in sent(sha256="abc")
    assert "Choisissez le fichier" in sent()


def test_check_page_says_superseded_without_the_person(client, pathway):
    old = SummaryFactory(
        pathway=pathway, accepted=True, state=SummaryState.SUPERSEDED, superseded_at=timezone.now()
    )

    page = text(client.get(reverse("documents:check", args=[old.document.check_code])))

    assert "Ce document a été remplacé" in page
    assert "Moreau" not in page


def test_only_the_person_shares_and_sees_who_read(client, pathway, person):
    summary = SummaryFactory(pathway=pathway, accepted=True)
    client.force_login(person)
    url = reverse("operators:own_summary_share", args=[summary.uuid])

    refused = client.post(url, {"recipient": "", "days": "30"})
    page = client.post(url, {"recipient": "Centre de formation", "days": "30"})
    link = page.context["link"].partition("//")[2].partition("/")[2]
    client.logout()
    looked = client.get(f"/{link}")
    taken = client.post(f"/{link}")

    assert "Écrivez pour qui" in text(refused)
    assert looked.status_code == 200
    assert "Moreau" not in text(looked)
    assert taken.content == b"%PDF-1.7 synthese"
    assert "no-store" in taken["Cache-Control"]
    assert SummaryReading.objects.count() == 1
    client.force_login(person)
    own = text(client.get(reverse("operators:own_summary", args=[summary.uuid])))
    assert "Consulté 1 fois" in own
    client.post(reverse("operators:own_share_revoke", args=[SummaryShare.objects.get().uuid]))
    client.logout()
    assert client.post(f"/{link}").status_code == 404
    assert "n’ouvre plus rien" in text(client.get(f"/{link}"))


def test_the_adviser_cannot_share(client, adviser, pathway):
    summary = SummaryFactory(pathway=pathway, accepted=True)

    response = client.post(
        reverse("operators:own_summary_share", args=[summary.uuid]), {"recipient": "X", "days": "7"}
    )

    assert response.status_code == 403
    assert SummaryShare.objects.count() == 0


def test_files_are_for_the_person_and_the_operator(client, adviser, pathway, person):
    summary = SummaryFactory(pathway=pathway, accepted=True)
    own, desk = (
        reverse("operators:own_summary_file", args=[summary.uuid]),
        reverse("operators:summary_file", args=[summary.uuid]),
    )

    assert client.get(desk).content == b"%PDF-1.7 synthese"
    client.force_login(AdviserFactory().user)
    assert client.get(desk).status_code == 404
    client.force_login(person)
    assert client.get(own).content == b"%PDF-1.7 synthese"
    client.force_login(UserFactory(role=Role.BENEFICIARY))
    assert client.get(own).status_code == 404


def test_what_waits_is_on_the_adviser_s_day(client, adviser, pathway, django_assert_num_queries):
    SummaryFactory(pathway=pathway, proposed=True)
    for _ in range(3):
        SummaryFactory(pathway=PathwayFactory(adviser=adviser), proposed=True)
    SummaryFactory(pathway=PathwayFactory(adviser=adviser))

    with django_assert_num_queries(1):
        tasks = awaited_summaries(Day(adviser, adviser.user, timezone.now()))

    assert tasks.count == len(tasks.first) == 4
    assert "Alix Moreau" in {task.about for task in tasks.first}
    assert all(task.due_on < timezone.localdate() for task in tasks.first)


@pytest.mark.parametrize("count", [1, 4])
def test_own_page_query_count_is_constant(client, pathway, person, django_assert_num_queries, count):
    summary = SummaryFactory(pathway=pathway, accepted=True)
    for _ in range(count):
        SummaryReadingFactory(share=SummaryShareFactory(summary=summary))
    client.force_login(person)

    with django_assert_num_queries(8):  # the eighth: is the file closed (ClosedFile)
        response = client.get(reverse("operators:own_summary", args=[summary.uuid]))

    assert len(response.context["shares"]) == count


@pytest.mark.parametrize("count", [1, 4])
def test_desk_page_query_count_is_constant(client, adviser, pathway, django_assert_num_queries, count):
    for version in range(count):
        SummaryFactory(
            pathway=pathway,
            accepted=True,
            version=version + 1,
            state=SummaryState.SUPERSEDED,
            superseded_at=timezone.now(),
        )

    with django_assert_num_queries(7):
        response = client.get(reverse("operators:summary", args=[pathway.uuid]))

    assert len(response.context["past"]) == count


def test_erasure_blanks_frozen_words_and_destroys_the_file(
    client, pathway, django_capture_on_commit_callbacks
):
    summary = accepted_by_the_person(client, pathway)
    share = SummaryShareFactory(summary=summary, token="donné")

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(beneficiary=pathway.beneficiary, now=timezone.now(), by=None)

    summary.refresh_from_db()
    share.refresh_from_db()
    assert (summary.situation, summary.project, summary.content) == ("", "", {})
    assert (summary.state, summary.erased_at is not None) == (SummaryState.ACCEPTED, True)
    assert not file_exists(summary.document)
    assert (share.recipient, share.revoked_at is not None) == ("", True)
    assert pathway.action_plan.objectives.get().title == "Effacé"
    check = client.get(reverse("documents:check", args=[summary.document.check_code]))
    assert check.status_code == 200


def test_a_frozen_file_closes_the_links(client, pathway, person):
    share = SummaryShareFactory(summary=SummaryFactory(pathway=pathway, accepted=True))

    restrict_file(beneficiary=pathway.beneficiary, by=person, now=timezone.now())

    share.refresh_from_db()
    assert share.revoked_at is not None


@pytest.mark.parametrize("count", [1, 4])
def test_own_documents_query_count_is_constant(client, person, pathway, django_assert_num_queries, count):
    for version in range(1, count):
        SummaryFactory(
            pathway=pathway, version=version, accepted=True, state="SUPERSEDED", superseded_at=timezone.now()
        )
    SummaryFactory(pathway=pathway, version=count, accepted=True)
    client.force_login(person)

    # session, user, mandates, person, documents, answers
    with django_assert_num_queries(6):
        page = client.get(reverse("beneficiaries:space_page", args=["synthese"]))

    assert len(page.context["panel"]["summaries"]) == count


def version_of(page):
    return re.search(r'name="version" value="([^"]*)"', page.content.decode()).group(1)


def test_the_second_writer_of_a_draft_reads_both_texts_and_loses_none(client, adviser, pathway):
    summary = SummaryFactory(pathway=pathway, project="Boulangère", situation="", strengths="", advice="")
    url = reverse("operators:summary", args=[pathway.uuid])
    version = version_of(client.get(url))
    client.post(url, {"project": "Pâtissière", "version": version, "acte": "garder"})

    second = client.post(
        url, {"project": "Traiteur", "advice": "Appeler", "version": version, "acte": "proposer"}
    )

    summary.refresh_from_db()
    assert (summary.project, summary.advice, summary.state) == ("Pâtissière", "", SummaryState.DRAFT)
    page = text(second)
    assert "Déjà enregistré : Pâtissière" in page
    assert "Votre texte : Traiteur" in page
    client.post(
        url,
        {"project": "Traiteur", "advice": "Appeler", "version": version_of(second), "acte": "garder"},
    )
    summary.refresh_from_db()
    assert (summary.project, summary.advice) == ("Traiteur", "Appeler")


def test_words_typed_over_a_proposal_are_shown_again(client, adviser, pathway):
    SummaryFactory(pathway=pathway, proposed=True)

    page = client.post(reverse("operators:summary", args=[pathway.uuid]), {"project": "Des mots tapés"})

    assert "ne s’écrit plus" in text(page)
    assert "Des mots tapés" in text(page)


@pytest.mark.parametrize("words", ["", "  ", "—", "...", "\u200b\u00a0"])
def test_an_empty_summary_is_never_proposed_even_with_a_plan(client, adviser, pathway, words):
    ActionFactory(objective__plan__pathway=pathway)
    summary = SummaryFactory(pathway=pathway, project="", situation="", strengths="", advice="")
    url = reverse("operators:summary", args=[pathway.uuid])

    page = client.post(url, {"project": words, "acte": "proposer"})
    again = client.post(url, {"project": "Fleuriste", "version": version_of(page), "acte": "proposer"})

    assert "Écrivez au moins une rubrique" in text(page)
    assert again.status_code == 302
    summary.refresh_from_db()
    assert (summary.state, summary.revision) == (SummaryState.PROPOSED, 1)
