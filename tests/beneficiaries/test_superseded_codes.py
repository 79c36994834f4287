"""Of several codes sent to one place the last is the one; an earlier one says that a newer was sent."""

from datetime import timedelta

import pytest

from beneficiaries.request import errors
from beneficiaries.rights.services import ask_erasure, erase_by_code
from tests.beneficiaries.rights.people import somebody
from tests.beneficiaries.rights.test_erasure import code_sent
from tests.beneficiaries.test_request_services import NOW, code_of, confirm, send, wrong
from tests.factories.beneficiaries import ServiceRequestFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def two():
    """An earlier and a later code of one request, to one address."""
    request = ServiceRequestFactory()
    first, second = send(request), send(request, now=LATER)
    if code_of(first) == code_of(second):
        pytest.skip("one draw in a million")
    return first, second


@pytest.mark.parametrize("page", [0, 1])
def test_earlier_code_says_that_a_newer_one_was_sent(two, page):
    with pytest.raises(errors.CodeSuperseded, match="un plus récent vous a été envoyé à") as refusal:
        confirm(two[page], code_of(two[0]), now=LATER)

    assert "Recopiez celui-là" in str(refusal.value)
    two[page].refresh_from_db()
    assert two[page].attempts == 0


@pytest.mark.parametrize("page", [0, 1])
def test_newer_code_is_taken_on_either_page(two, page):
    person = confirm(two[page], code_of(two[1]), now=LATER)

    two[1].refresh_from_db()
    assert (person.full_name, two[1].used_at) == ("Lou Le Goff", LATER)


def test_wrong_code_is_still_counted(two):
    other = wrong(code_of(two[1]))
    if other == code_of(two[0]):
        pytest.skip("one draw in a million")

    with pytest.raises(errors.CodeWrong):
        confirm(two[1], other, now=LATER)

    two[1].refresh_from_db()
    assert two[1].attempts == 1


def test_code_sent_to_another_address_supersedes_nothing():
    request = ServiceRequestFactory()
    first = send(request)
    send(request, email="autre@exemple.example", now=LATER)

    assert confirm(first, code_of(first), now=LATER).email == "lou@exemple.example"


@pytest.mark.parametrize("digits", ["arabic", "full", "spaced"])
def test_code_is_read_in_the_digits_of_any_keyboard(digits):
    contact_code = send(ServiceRequestFactory())
    code = code_of(contact_code)
    shifts = {"arabic": 0x660, "full": 0xFF10}
    typed = " ".join(code) if digits == "spaced" else "".join(chr(shifts[digits] + int(d)) for d in code)

    assert confirm(contact_code, typed).email == "lou@exemple.example"


def test_code_of_a_right_is_superseded_too(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    person = somebody()
    first = ask_erasure(beneficiary=person.row, now=NOW)
    second = ask_erasure(beneficiary=person.row, now=LATER)

    with pytest.raises(errors.CodeSuperseded):
        erase_by_code(person_code=second, code=code_sent(first), now=LATER, by=person.user)
    erase_by_code(person_code=first, code=code_sent(second), now=LATER, by=person.user)
