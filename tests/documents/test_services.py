import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from cep_portal.documents.errors import RemoteResourceRefused
from cep_portal.documents.gateways.pdf import tagged_pdf
from cep_portal.documents.models import StoredDocument
from cep_portal.documents.services import (
    file_response,
    issue_document,
    new_check_code,
    read_document,
    render_pdf,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LETTER = """{% extends "documents/pdf/base.html" %}
{% block title %}Lettre d’essai{% endblock %}
{% block kind %}Lettre{% endblock %}
{% block heading %}<h1>Lettre d’essai</h1>{% endblock %}
{% block content %}<p>Œuvrer à Saint-Denis, 1 234,50 €.</p>
{% ui_table caption="Mois" %}<thead><tr><th scope="col">Mois</th><th scope="col">Valeur</th></tr></thead>
<tbody><tr><th scope="row">novembre</th><td class="num">12</td></tr></tbody>{% endui_table %}{% endblock %}
{% block check %}{% include "documents/pdf/check_box.html" %}{% endblock %}"""


@pytest.fixture
def pages(settings, tmp_path):
    """Templates written by a test: `pages(source)` gives the name."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]

    def write(source):
        (tmp_path / "page.html").write_text(source)
        return "page.html"

    return write


@pytest.fixture
def letter(pages):
    return render_pdf(template=pages(LETTER), context={"check_code": "ABCD1234EFGH5678"})


def issue(**changed) -> StoredDocument:
    facts = {
        "kind": "letter",
        "title": "Lettre",
        "file_name": "lettre é.pdf",
        "content": b"%PDF-",
        "now": NOW,
    }
    return issue_document(**(facts | changed))


def test_pdf_is_tagged_titled_and_french(letter):
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "fr"
        assert bool(root.MarkInfo.Marked) is True
        assert root.ViewerPreferences.DisplayDocTitle is True
        assert "/StructTreeRoot" in root
        assert str(pdf.docinfo["/Title"]) == "Lettre d’essai"
        assert _cells_with_headers(root.StructTreeRoot) == [2]
        fonts = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
    assert fonts
    assert all("Atkinson" in font for font in fonts)


def _cells_with_headers(element) -> list[int]:
    """How many header cells each data cell names: what a screen reader says before the figure."""
    found = [len(element.A.Headers)] if element.get("/S") == "/TD" else []
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            found += _cells_with_headers(child)
    return found


@pytest.mark.parametrize(("on", "printed"), [(True, "Qui reçoit\u202f?"), (False, "Qui reçoit ?")])
def test_marks_stay_with_their_word_on_paper(settings, on, printed):
    settings.PORTAL_TYPOGRAPHY = on
    page = "<html lang=fr><head><title>Essai</title></head><body><p>Qui reçoit ?</p></body></html>"

    text = PdfReader(io.BytesIO(tagged_pdf(page))).pages[0].extract_text()

    assert printed in text


def test_pdf_says_its_code_page_and_that_it_is_a_demonstration(letter):
    text = " ".join(PdfReader(io.BytesIO(letter)).pages[0].extract_text().split())

    assert "Œuvrer à Saint-Denis" in text
    assert "ABCD1234EFGH5678" in text
    assert "http://testserver/verifier/" in text
    assert "page 1 sur 1" in text
    assert "Données de démonstration" in text


def test_pdf_outside_the_demonstration_says_nothing_of_it(pages, settings):
    settings.PORTAL_DEMONSTRATION = False

    pdf = render_pdf(template=pages(LETTER), context={"check_code": "ABCD1234EFGH5678"})

    assert "démonstration" not in PdfReader(io.BytesIO(pdf)).pages[0].extract_text().lower()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/secret.png",
        "https://example.org/x.png",
        "static:/../pyproject.toml",
        "static:/css/unknown.css",
        "ftp://example.org/x",
    ],
)
def test_pdf_fetches_our_static_files_only(pages, address):
    template = pages(
        f'<html lang="fr"><title>x</title><link rel="stylesheet" href="{address}"><p>x</p></html>'
    )

    with pytest.raises(RemoteResourceRefused):
        render_pdf(template=template, context={})


def test_document_is_stored_under_a_random_name_with_its_hash(db):
    document = issue()

    path = Path(settings.PORTAL_DATA_DIR) / document.path
    assert path.read_bytes() == b"%PDF-" == read_document(document)
    assert "lettre" not in document.path
    assert len(document.check_code) == 16


def test_altered_file_is_refused(db):
    document = issue()
    (Path(settings.PORTAL_DATA_DIR) / document.path).write_bytes(b"%PDF-autre")

    with pytest.raises(ValueError, match="was altered"):
        read_document(document)


def test_issued_document_never_changes(db):
    document = issue()

    for change in (
        lambda: StoredDocument.objects.filter(pk=document.pk).update(title="Autre"),
        document.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_check_codes_avoid_confusing_letters():
    letters = {letter for _turn in range(200) for letter in new_check_code()}

    assert letters.isdisjoint("ILOU")


def test_download_is_an_attachment_that_no_cache_keeps(db):
    response = file_response(issue())

    assert response.content == b"%PDF-"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''lettre%20%C3%A9.pdf"
    assert "no-store" in response["Cache-Control"]
