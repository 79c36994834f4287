from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cep_portal.documents.rules import fold_code
from cep_portal.documents.services import issue_document


@pytest.fixture
def document(db):
    return issue_document(
        kind="attestation",
        title="Attestation de demande",
        file_name="attestation-martin.pdf",
        content=b"%PDF-",
        now=datetime(2026, 11, 22, 17, 30, tzinfo=UTC),
        check_code="ABCD1234EFGH0001",
    )


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("abcd 1234-efgh 0001", "ABCD1234EFGH0001"), ("ABCDl234EFGHOOOI", "ABCD1234EFGH0001"), ("é", "")],
)
def test_fold_code(typed, folded):
    assert fold_code(typed) == folded


def test_known_code_shows_nature_date_version_and_nothing_else(client, document):
    response = client.get(reverse("documents:check", args=["abcd-1234-efgh-0001"]))

    content = response.content.decode()
    assert response.status_code == 200
    assert "Ce document est authentique" in content
    assert "Attestation de demande" in content
    assert "dimanche 22 novembre 2026 à 18" in content
    assert "martin" not in content


def test_unknown_code_is_said(client, document):
    response = client.get(reverse("documents:check", args=["ABCD1234EFGH9999"]))

    assert response.status_code == 404
    assert "Aucun document ne porte ce code" in response.content.decode()


def test_typed_code_leads_to_its_page(client, document):
    response = client.get(reverse("documents:check"), {"code": "abcd 1234 efgh 0001"})

    assert response.headers["Location"] == reverse("documents:check", args=["ABCD1234EFGH0001"])


def test_file_alone_is_recognised_by_its_bytes(client, document):
    sent = SimpleUploadedFile("recu.pdf", b"%PDF-")

    page = client.post(reverse("documents:check"), {"file": sent}).text

    assert "Votre fichier est bien celui-là" in page
    assert "ABCD1234EFGH0001" in page
    assert "martin" not in page


def test_digest_alone_is_recognised(client, document):
    page = client.post(reverse("documents:check"), {"sha256": document.sha256.upper()}).text

    assert "Votre fichier est bien celui-là" in page


def test_file_changed_by_a_byte_is_not_recognised(client, document):
    sent = SimpleUploadedFile("recu.pdf", b"%PDF-!")

    page = client.post(reverse("documents:check"), {"file": sent}).text

    assert "Aucun document n’a été émis avec ces octets" in page
    assert "ABCD1234EFGH0001" not in page


def test_neither_file_nor_digest_is_said(client, document):
    assert "Choisissez le fichier" in client.post(reverse("documents:check")).text


def test_result_of_a_file_compares_another_under_its_code(client, document):
    page = client.post(reverse("documents:check"), {"sha256": document.sha256}).text

    assert f'action="{reverse("documents:check", args=["ABCD1234EFGH0001"])}"' in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Tapez le code imprimé sur le document."), ("ABC", "Le code compte 16 lettres et chiffres.")],
)
def test_wrong_code_is_explained(client, db, typed, message):
    assert message in client.get(reverse("documents:check"), {"code": typed}).content.decode()
