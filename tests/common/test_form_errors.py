"""No form says a sentence of a framework: each error names its field, in our words."""

import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import trans_real

from cep_portal.accounts.models import Organisation
from operators.network.models import Site
from tests.house.forms import forms_of_the_product

WRONG = ["", "\x00", "CURIEUX", "-1", "999999999999999999999", "x" * 3000, "1,123456789", "31/02/2026"]
LEAST_WORDS = 3
MARKS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{[a-z_]*\}")


@pytest.fixture(scope="module")
def framework():
    """Every sentence of the French catalogues of Django, DRF and allauth, as one pattern each."""
    catalogue = trans_real.translation("fr")._catalog
    said = {
        text for part in catalogue._catalogs for text in part.values() if len(text.split()) >= LEAST_WORDS
    }
    patterns = {".+?".join(map(re.escape, MARKS.split(text))) for text in said if not text.startswith("%")}
    return [re.compile(pattern, re.DOTALL) for pattern in sorted(patterns)]


def sentences(field):
    """What a field says of each wrong answer."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is None:
        rows = Site if field.to_field_name == "slug" else Organisation
        field.queryset = rows.objects.none()
    kind = type("Alone", (forms.Form,), {"answer": field})
    for wrong in WRONG:
        answers = (
            [wrong]
            if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
            else wrong
        )
        form = kind(
            {"answer": answers},
            {"answer": SimpleUploadedFile(f"{wrong[:300] or 'x'}.exe".replace("\x00", ""), b"")},
        )
        for error in form.errors.get("answer", []):
            yield field, str(error)


@pytest.mark.django_db
def test_no_error_is_a_sentence_of_a_framework(framework):
    said = {
        (f"{form.__name__}.{name}", text)
        for form in forms_of_the_product()
        for name, field in form.base_fields.items()
        for _, text in sentences(field)
    }

    assert len(said) > 200
    assert sorted(pair for pair in said if any(pattern.fullmatch(pair[1]) for pattern in framework)) == []


def test_lint_knows_the_sentences_of_the_framework(framework):
    for text in (
        "Ce champ est obligatoire.",
        "Saisissez un nombre entier.",
        "Sélectionnez un choix valide. CURIEUX n’en fait pas partie.",
        "Assurez-vous que cette valeur comporte au plus 20 caractères (actuellement 3000).",
    ):
        assert any(pattern.fullmatch(text) for pattern in framework), text
