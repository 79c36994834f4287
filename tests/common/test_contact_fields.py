"""A number and an address are typed in the same two fields on every page, and asked about the same way."""

import re
from pathlib import Path

import pytest
from django import forms

from cep_portal.common.contact_fields import AddressField, PhoneField

ROOT = Path(__file__).resolve().parents[2]
OTHERS = {
    "cep_portal/common/showcase.py",  # fields that only show how a field looks
    "cep_portal/common/api_errors.py",  # what is said of any field of the API
}


class ContactForm(forms.Form):
    name = forms.CharField()
    email = AddressField(required=False)
    phone = PhoneField()


def filled(**typed):
    form = ContactForm({"name": "Lou", **typed})
    form.is_valid()
    return form


def test_likely_error_is_a_question_that_keeps_what_was_typed():
    form = filled(email="lou@gmial.com")

    assert form.errors == {"email": ["Vouliez-vous dire lou@gmail.com\xa0?"]}
    assert form["email"].value() == "lou@gmial.com"
    assert re.findall(r'type="radio" name="email_choice" value="([^"]*)"', str(form["email"])) == [
        "lou@gmail.com",
        "lou@gmial.com",
    ]
    assert "checked" not in str(form["email"])


@pytest.mark.parametrize("choice", ["lou@gmail.com", "lou@gmial.com"])
def test_answer_is_taken_and_stays_when_the_page_comes_back(choice):
    form = filled(email="lou@gmial.com", email_choice=choice)
    assert form.cleaned_data["email"] == choice

    other_error = filled(name="", email="lou@gmial.com", email_choice=choice)
    page = str(other_error["email"])
    sent = dict(re.findall(r'name="(email\w*)" value="([^"]*)"', page))
    assert 'type="radio"' not in page
    assert filled(**sent).cleaned_data["email"] == choice


@pytest.mark.parametrize(
    ("typed", "choice"), [("lou@gmil.com", "lou@gmial.com"), ("lou@gmial.com", "autre@gmail.com")]
)
def test_answer_to_another_question_is_none(typed, choice):
    assert filled(email=typed, email_choice=choice).errors == {
        "email": ["Vouliez-vous dire lou@gmail.com\xa0?"]
    }


def test_corrected_by_hand_nothing_is_asked():
    assert filled(email="lou@free.fr", email_choice="lou@gmail.com").cleaned_data["email"] == "lou@free.fr"


def test_impossible_address_is_named_and_only_the_proposal_is_offered():
    form = filled(email="lou@gmail,com")

    assert form.errors == {
        "email": ["Cette adresse contient une virgule. Mettez un point. Vouliez-vous dire lou@gmail.com\xa0?"]
    }
    assert re.findall(r'type="radio" name="email_choice" value="([^"]*)"', str(form["email"])) == [
        "lou@gmail.com"
    ]
    assert filled(email="lou@gmail,com", email_choice="lou@gmail,com").errors == form.errors


def test_number_comes_back_in_pairs():
    form = filled(name="", phone="+33612345678", email="lou@free.fr")

    assert form["phone"].value() == "06 12 34 56 78"
    assert filled(phone="0612").errors == {
        "phone": ["Un numéro français compte dix chiffres : il en manque 6. Exemple : 06 12 34 56 78."]
    }


@pytest.mark.parametrize(
    ("typed", "kept"), [("39 49", "39 49"), ("٣٩٤٩", "3949"), ("0299000000", "02 99 00 00 00")]
)
def test_public_body_may_have_a_short_number(typed, kept):
    assert PhoneField(is_short=True).clean(typed) == kept


@pytest.mark.parametrize(
    "pattern",
    [r"forms\.EmailField\(", r"forms\.EmailInput\(", r"^    phone = forms\.", "serializers.EmailField"],
)
def test_no_page_reads_a_contact_in_another_field(pattern):
    files = [
        path for app in ("beneficiaries", "cep_portal", "operators") for path in (ROOT / app).rglob("*.py")
    ]
    assert len(files) > 300
    elsewhere = {
        str(path.relative_to(ROOT))
        for path in files
        if re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert elsewhere - OTHERS - {"cep_portal/common/contact_fields.py"} == set()
