"""On every page as every role, the title is the main heading; a form that comes back red says so first."""

import re

import pytest
from django.utils.html import strip_tags

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.common.page_titles import titled
from tests.access.test_matrix import sides  # noqa: F401 -- the two sides of the matrix
from tests.access.test_typography import pages_of

PAGE = "<title>Conseil</title><body>{}</body>"


HEADING = re.compile(r'<h1(?:[^>]*data-title="([^"]*)")?[^>]*>(.*?)</h1>', re.DOTALL)


def unnamed(heading: tuple[str, str]) -> str:
    """What a title says of a heading that names a person, else the heading."""
    return heading[0] or words(heading[1])


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, *Role])
def test_title_is_the_heading_on_every_page(sides, role):  # noqa: F811 -- the fixture
    side, _ = sides
    if role is not None and role not in side.people:
        pytest.skip("nobody of this role in the matrix")
    pages = {name: page for name, page in pages_of(side, role) if "<html" in page}

    headings = {name: re.findall(HEADING, page) for name, page in pages.items()}
    titles = {name: re.search(r"<title>(.*?)</title>", page)[1] for name, page in pages.items()}

    assert len(pages) > 10
    assert [name for name, found in headings.items() if len(found) != 1] == []
    assert {
        name: title
        for name, title in titles.items()
        if title.removeprefix("Erreur – ") != f"{unnamed(headings[name][0])} – Mon CEP"
    } == {}
    names = {name for person in Beneficiary.objects.all() for name in (person.full_name, person.first_name)}
    assert [title for title in titles.values() if names & set(re.findall(r"[\w-]+", title))] == []
    assert [title for title in titles.values() if any(name in title for name in names if " " in name)] == []
    assert {name for name, title in titles.items() if title.startswith("Erreur – ")} == {
        name for name, page in pages.items() if 'class="error-summary"' in page
    }


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>Mes contrats</h1>", "Mes contrats – Mon CEP"),
        ('<h1 class="break">L&#x27;âge\n  <span class="nowrap">dû</span></h1>', "L&#x27;âge dû – Mon CEP"),
        ('<h1>Lots</h1><div class="error-summary" role="alert">', "Erreur – Lots – Mon CEP"),
        ('<h1>Lots</h1><fieldset class="field has-error">', "Erreur – Lots – Mon CEP"),
        ("<p>Rien</p>", "Conseil – Mon CEP"),
        ('<h1 data-title="Mon espace">Bonjour Camille</h1>', "Mon espace – Mon CEP"),
    ],
)
def test_title_follows_the_page(body, title):
    assert titled(PAGE.format(body)) == f"<title>{title}</title><body>{body}</body>"


def test_a_page_without_a_title_is_left_alone():
    assert titled("<p>Une partie</p>") == "<p>Une partie</p>"


@pytest.mark.django_db
def test_a_form_that_comes_back_red_says_it_in_the_title(client):
    page = client.post("/compte/login/", {"login": "agent@example.org", "password": "faux"}).text

    assert "<title>Erreur – Se connecter – Mon CEP</title>" in page
