import pytest

from operators.casework.plans.models import Occupation, ReadyAction
from operators.casework.plans.selectors import search_occupations
from operators.casework.plans.services import load_plan_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    return load_plan_reference()


def test_reference_is_loaded_twice_without_a_second_row(loaded):
    assert load_plan_reference() == loaded == {"occupations": 1584, "ready_actions": 24}
    assert (Occupation.objects.count(), ReadyAction.objects.count()) == (1584, 24)


def test_an_occupation_has_its_domain_and_typographic_label(loaded):
    driver = Occupation.objects.get(code="A1101")

    assert driver.label == "Conducteur / Conductrice d’engins agricoles"
    assert driver.domain == "Agriculture et pêche, espaces naturels et espaces verts, soins aux animaux"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("boulanger", "D1102"),
        ("BOULANGÈRE", "D1102"),
        ("boulangre", "D1102"),
        ("infirmiere scolaire", "J1511"),
        ("scolaire infirmier", "J1511"),
        ("developeur web", "M1855"),
        ("m1855", "M1855"),
        ("comptable", "M1203"),
    ],
)
def test_search_finds_whatever_the_accents_and_errors(loaded, text, code):
    assert code in [occupation.code for occupation in search_occupations(text)]


@pytest.mark.parametrize("text", ["", "a", "zzzzqqqq", "%%%"])
def test_search_finds_nothing_for_nothing(loaded, text):
    assert search_occupations(text) == []


@pytest.mark.parametrize(("text", "count"), [("boulanger", 1), ("boulangre", 2)])
def test_search_is_one_query_and_a_second_for_typing_errors(loaded, django_assert_num_queries, text, count):
    with django_assert_num_queries(count):
        assert search_occupations(text)
