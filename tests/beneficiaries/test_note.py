"""The note to show at another door: from the answers, kept nowhere, nobody named."""

import io

import pikepdf
import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from pypdf import PdfReader

from beneficiaries.request.enums import Situation
from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.models import AuditEvent
from cep_portal.documents.models import StoredDocument

NOTE = reverse("beneficiaries:triage_note")
ANSWERS = {"needs": ["TRAINING"], "urgency": "CONTRACT_END", "access_needs": ["SIGN_LANGUAGE"]}


@pytest.fixture
def seeker(client):
    client.post(reverse("beneficiaries:start"), {"situation": Situation.JOB_SEEKER})
    return client


@pytest.mark.django_db
def test_other_door_offers_the_note_and_its_contact(seeker):
    page = seeker.get(reverse("beneficiaries:triage_door"))

    assert f'href="{NOTE}"' in page.text
    assert "39 49" in page.text
    assert seeker.get(NOTE).status_code == 200


@pytest.mark.django_db
def test_note_says_the_answers_on_a_page_to_print(seeker):
    page = seeker.post(NOTE, ANSWERS)

    rows = {row["label"]: row["value"] for row in page.context["note"]["rows"]}
    assert rows == {
        "Ma situation": "En recherche d’emploi",
        "Ce qui m’amène": "Me former, valider mon expérience",
        "Ce qui presse": "Mon contrat se termine",
        "Pour bien m’accueillir": "Langue des signes",
    }
    assert "France Travail ou Apec" in page.text


@pytest.mark.django_db
def test_note_with_nothing_told_still_helps(seeker):
    page = seeker.post(NOTE, {"urgency": "NO_HURRY"})

    assert [row["label"] for row in page.context["note"]["rows"]] == ["Ma situation"]


@pytest.mark.django_db
def test_note_is_a_tagged_pdf_with_the_same_words(seeker):
    response = seeker.post(NOTE, {**ANSWERS, "faire": "pdf"})

    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    text = PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    for told in ("En recherche d’emploi", "Me former", "Mon contrat se termine", "Langue des signes"):
        assert told in text
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "fr"


@pytest.mark.django_db
def test_note_is_kept_nowhere(seeker):
    before = list(seeker.session.items())
    sessions = Session.objects.count()

    seeker.post(NOTE, {**ANSWERS, "faire": "pdf"})

    assert list(seeker.session.items()) == before
    kept = [model.objects.count() for model in (StoredDocument, AuditEvent, ServiceRequest)]
    assert kept == [0, 0, 0]
    assert Session.objects.count() == sessions


@pytest.mark.django_db
def test_note_can_be_corrected(seeker):
    page = seeker.post(NOTE, {**ANSWERS, "faire": "corriger"})

    assert page.context["note"] is None
    assert page.context["form"].initial["needs"] == ["TRAINING"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("situation", "leads_to"),
    [(None, "beneficiaries:triage_gone"), (Situation.EMPLOYEE, "beneficiaries:start")],
)
def test_note_needs_another_door(client, situation, leads_to):
    if situation:
        client.post(reverse("beneficiaries:start"), {"situation": situation})

    assert client.get(NOTE).url == reverse(leads_to)
