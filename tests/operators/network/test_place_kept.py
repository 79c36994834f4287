"""« Prendre rendez-vous » on a place keeps the place; a place says how to come and when it is open."""

import pytest
from django.urls import reverse

from operators.booking.agenda.presenters.slot_search import slot_value
from tests.beneficiaries.test_triage import url
from tests.factories.operators import OpeningRuleFactory, SiteFactory
from tests.factories.territories import CommuneFactory, CommunePostcodeFactory
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def present(clock):
    clock.move_to(NOW)


@pytest.fixture
def places():
    """The place of the town, and another of the same operator farther away."""
    near = OpeningRuleFactory().site
    vitre = CommuneFactory(code="35360", name="Vitré", longitude=-1.21, latitude=48.12)
    far = SiteFactory(contract=near.contract, commune=vitre, name="Lieu de Vitré", postcode="35500")
    OpeningRuleFactory(adviser__site=far)
    return near, far


def road_from(client, site, commune):
    """From the button of a place to the hours."""
    page = client.get(reverse("operators:site_detail", args=[site.slug]))
    start = page.context["start_url"]
    assert f'href="{start}"' in page.text
    CommunePostcodeFactory(commune=commune, postcode="35000")
    client.post(start, {"situation": "EMPLOYEE"})
    client.post(url("triage_commune"), {"commune_text": "35000", "commune_basis": "HOME"})
    client.post(url("triage_need"), {"urgency": "NO_HURRY", "needs": ["CHANGE_JOB"]})
    return client.post(url("triage_check")).url


def test_the_place_is_kept_through_the_whole_road(client, places):
    near, far = places

    hours = road_from(client, far, near.commune)

    page = client.get(hours)
    assert page.context["place"].site == far
    assert "Lieu de Vitré" in page.text
    held = client.post(hours, {"creneau": slot_value(at("2026-11-30 09:00"), far.slug)})
    assert far.slug in client.get(held.url).context["slots_url"]
    assert client.get(hours).context["place"].site == far


def test_without_a_place_the_closest_is_shown(client, places):
    near, _ = places
    CommunePostcodeFactory(commune=near.commune, postcode="35000")
    client.post(url("start"), {"situation": "EMPLOYEE"})
    client.post(url("triage_commune"), {"commune_text": "35000", "commune_basis": "HOME"})
    client.post(url("triage_need"), {"urgency": "NO_HURRY", "needs": ["CHANGE_JOB"]})

    assert client.get(client.post(url("triage_check")).url).context["place"].site == near


def test_a_place_that_receives_nobody_from_there_says_so(client, places):
    near, _ = places
    foreign = OpeningRuleFactory(adviser__site=SiteFactory(reunion=True)).site

    page = client.get(road_from(client, foreign, near.commune))

    assert "ne peut pas vous recevoir ici" in page.text
    assert page.context["place"].site == near


def test_a_place_says_its_postcode_its_hours_in_a_table_and_how_to_come(client, places):
    _, far = places

    page = client.get(reverse("operators:site_detail", args=[far.slug])).text

    assert "1 rue de la Démonstration, 35500 Vitré" in page
    assert 'href="https://www.openstreetmap.org/search?query=1+rue' in page
    assert 'href="geo:0,0?q=1%20rue' in page
    assert '<th scope="row">Lundi</th>' in page
    assert '<script src="https' not in page


def test_a_place_without_a_postcode_shows_none(client):
    site = OpeningRuleFactory(adviser__site__postcode="").site

    assert (
        "1 rue de la Démonstration, Rennes"
        in client.get(reverse("operators:site_detail", args=[site.slug])).text
    )


@pytest.mark.parametrize("page", ["beneficiaries:home", "operators:site_list"])
def test_information_meetings_are_found(client, page):
    assert f'href="{reverse("operators:group_list")}"' in client.get(reverse(page)).text
