from datetime import UTC, datetime

import pytest
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


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Tapez le code imprimé sur le document."), ("ABC", "Le code compte 16 lettres et chiffres.")],
)
def test_wrong_code_is_explained(client, db, typed, message):
    assert message in client.get(reverse("documents:check"), {"code": typed}).content.decode()
